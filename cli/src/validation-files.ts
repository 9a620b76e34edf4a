import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  type Anchors,
  CodedError,
  fromBase64,
  type MaterialGiven,
  parseCertificate,
  sortedMaterial,
  type TrustSource,
} from '@cinnabar/core'
import { CliError } from './cli-error'
import { inputError, readInput, systemCode } from './input-file'
import type { Surroundings } from './surroundings'

/** A CRL may be large, a bundle of certificates is not. */
const MAX_BYTES = 16 << 20
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g

/** What a file holds: the blocks of a PEM file, or itself. */
async function dersIn(path: string, surroundings: Surroundings): Promise<readonly Uint8Array[]> {
  const bytes = await readInput(path, MAX_BYTES, surroundings)
  const blocks = [...Buffer.from(bytes).toString('latin1').matchAll(PEM)]
  return blocks.length === 0 ? [bytes] : blocks.map(([, , text]) => new Uint8Array(Buffer.from(text, 'base64')))
}

async function all(paths: readonly string[] | undefined, surroundings: Surroundings) {
  const read = await Promise.all(
    (paths ?? []).map(async (path) => (await dersIn(path, surroundings)).map((der) => ({ path, der }))),
  )
  return read.flat()
}

function isRead(parse: (der: Uint8Array) => unknown, der: Uint8Array): boolean {
  try {
    parse(der)
    return true
  } catch (refusal) {
    if (refusal instanceof CodedError) return false
    throw refusal
  }
}

/**
 * The certificates of `--signer-anchor` and `--tsa-anchor`, in DER or PEM.
 * @throws {@link CliError} `TRUST_INVALID` for what is no certificate; as `readInput`.
 */
export async function readAnchors(
  { signers, timestamps }: { readonly signers?: readonly string[]; readonly timestamps?: readonly string[] },
  surroundings: Surroundings,
): Promise<Anchors> {
  const certificates = async (paths: readonly string[] | undefined) => {
    const found = await all(paths, surroundings)
    const wrong = found.find(({ der }) => !isRead(parseCertificate, der))
    if (wrong !== undefined) throw new CliError('TRUST_INVALID', { path: wrong.path, reason: 'not a certificate' })
    return found.map(({ der }) => der)
  }
  return { signers: await certificates(signers), timestamps: await certificates(timestamps) }
}

/** The certificates in DER that trust files and lists name as authorities. */
export function trustedCertificates(sources: readonly Pick<TrustSource, 'trust'>[]): readonly Uint8Array[] {
  const organisations = sources.flatMap(({ trust }) => trust.organisations)
  const named = organisations.flatMap(({ sealCas, tsas }) => [
    ...sealCas,
    ...tsas.map(({ certificate }) => certificate),
  ])
  return [...new Set(named)].map(fromBase64)
}

/** A folder stands for the files in it. */
async function filesAt(path: string, { folder }: Surroundings): Promise<readonly string[]> {
  try {
    const inside = await readdir(resolve(folder, path), { withFileTypes: true })
    const files = inside.filter((one) => one.isFile() && !one.name.startsWith('.'))
    return files.map(({ name }) => join(path, name)).sort()
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return [path]
    throw inputError(path, error)
  }
}

/**
 * What the files of `--material`, and those in its folders, hold, told apart by what they can be read as; the rest is passed over, as
 * hostile material is.
 */
export async function readMaterial(
  paths: readonly string[] | undefined,
  surroundings: Surroundings,
): Promise<MaterialGiven> {
  const files = await Promise.all((paths ?? []).map((path) => filesAt(path, surroundings)))
  return sortedMaterial((await all(files.flat(), surroundings)).map(({ der }) => der))
}
