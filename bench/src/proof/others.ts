import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CMS_OID,
  derLength,
  fromBase64,
  parseSignedData,
  parseTrust,
  readPdf,
  signatureFields,
  type Trust,
} from '@cinnabar/core'
import { startDss } from '../checkers/dss'
import { opensslVerifyToken } from '../checkers/openssl'
import { pdfsig } from '../checkers/pdfsig'
import { startPyhanko } from '../checkers/pyhanko'
import type { Service } from './service'

/** What a checker that we did not write says of the demonstration's twice sealed contract. */
export interface OthersVerdict {
  readonly checker: string
  readonly verdict: string
  readonly ok: boolean
}

/** Asks pdfsig, pyHanko, EU DSS and openssl, trusting what the trust file names and nothing else. */
export async function judgeByOthers(
  service: Pick<Service, 'data'>,
  scratch: string,
): Promise<readonly OthersVerdict[]> {
  const path = join(service.data, 'demo/contract-sealed.pdf')
  const trust = parseTrust(new Uint8Array(await readFile(join(service.data, 'trust.json'))))
  const trusted = await trustedFiles(scratch, trust)
  return [
    await byPdfsig(path),
    await byPyhanko(path, trusted),
    await byDss(path, trusted),
    ...(await byOpenssl(path, trusted)),
  ]
}

/** The trust file's seal CAs and authorities as DER files, as other checkers take them. */
export async function trustedFiles(folder: string, trust: Trust): Promise<readonly string[]> {
  const ders = trust.organisations.flatMap(({ sealCas, tsas }) => [
    ...sealCas,
    ...tsas.map(({ certificate }) => certificate),
  ])
  return Promise.all(
    ders.map(async (der, index) => {
      const path = join(folder, `trusted-${index}.der`)
      await writeFile(path, fromBase64(der))
      return path
    }),
  )
}

async function byPdfsig(path: string): Promise<OthersVerdict> {
  const found = await pdfsig(path)
  const ok = found.length === 2 && found.every(({ validation }) => validation === 'Signature is Valid.')
  return { checker: 'pdfsig', verdict: found.map(({ validation }) => validation).join('; '), ok }
}

async function byPyhanko(path: string, trusted: readonly string[]): Promise<OthersVerdict> {
  const pyhanko = startPyhanko()
  try {
    const { signatures } = await pyhanko.verify(path, { trusted })
    const ok = signatures.length === 2 && signatures.every((one) => one.error === null && one.bottomLine && one.trusted)
    const says = signatures.map((one) => (one.error === null ? one.summary : one.error))
    return { checker: 'pyHanko', verdict: says.join('; '), ok }
  } finally {
    await pyhanko.stop()
  }
}

async function byDss(path: string, trusted: readonly string[]): Promise<OthersVerdict> {
  const dss = startDss()
  try {
    const { signatures } = await dss.verify(path, { trusted })
    const ok =
      signatures.length === 2 &&
      signatures.every((one) => one.intact && one.valid && one.format === 'PAdES-BASELINE-T') &&
      signatures.every(
        ({ timestamps }) => timestamps.length === 1 && timestamps[0].intact && timestamps[0].imprintIntact,
      )
    const says = signatures.map((one) => `${one.format} ${one.indication} ${one.subIndication ?? ''}`.trim())
    return { checker: 'EU DSS', verdict: says.join('; '), ok }
  } finally {
    await dss.stop()
  }
}

async function byOpenssl(path: string, trusted: readonly string[]): Promise<readonly OthersVerdict[]> {
  const document = readPdf(new Uint8Array(await readFile(path)))
  const roots = await Promise.all(trusted.map(async (one) => new Uint8Array(await readFile(one))))
  const verdicts: OthersVerdict[] = []
  for (const { name, signature } of signatureFields(document)) {
    const contents = signature?.contents?.bytes ?? new Uint8Array(0)
    const [signer] = parseSignedData(contents.subarray(0, derLength(contents))).signers
    const [token] = signer.unsigned.get(CMS_OID.signatureTimestamp) ?? []
    const { ok, text } = await opensslVerifyToken({ token, data: signer.signature, trusted: roots })
    verdicts.push({ checker: `openssl ts (${name})`, verdict: text.split('\n').at(-1) ?? '', ok })
  }
  return verdicts
}
