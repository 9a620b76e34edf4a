import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './command'
import { toolPath } from './tools'

/** A timestamp for openssl to judge; everything in DER. */
export interface TokenQuestion {
  /** A TimeStampToken (the ContentInfo), not the whole response. */
  readonly token: Uint8Array
  /** The bytes that were stamped: for a seal, its signature value. */
  readonly data: Uint8Array
  readonly trusted: readonly Uint8Array[]
  /** Certificates on the way from the TSA to a trusted one that the token leaves out. */
  readonly intermediates?: readonly Uint8Array[]
  /** Judge certificates at this time, in seconds since 1970; now if absent. */
  readonly atSeconds?: number
}

/** `openssl ts -verify`. @returns whether it says OK, and its own words. */
export async function opensslVerifyToken(
  question: TokenQuestion,
  timeoutMs = 30_000,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'cinnabar-ts-'))
  try {
    const at = (name: string) => join(folder, name)
    await writeFile(at('token.der'), question.token)
    await writeFile(at('data'), question.data)
    await writeFile(at('trusted.pem'), question.trusted.map(toPem).join(''))
    const args = [
      'ts',
      '-verify',
      '-token_in',
      '-in',
      at('token.der'),
      '-data',
      at('data'),
      '-CAfile',
      at('trusted.pem'),
    ]
    if (question.intermediates !== undefined) {
      await writeFile(at('others.pem'), question.intermediates.map(toPem).join(''))
      args.push('-untrusted', at('others.pem'))
    }
    if (question.atSeconds !== undefined) args.push('-attime', String(question.atSeconds))
    const { exitCode, stdout, stderr } = await runCommand(toolPath('openssl'), args, timeoutMs)
    return { ok: exitCode === 0 && stdout.includes('Verification: OK'), text: `${stdout}${stderr}`.trim() }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
