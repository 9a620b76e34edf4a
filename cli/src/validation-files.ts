import { type Anchors, CodedError, type MaterialGiven, parseCertificate, sortedMaterial } from '@cinnabar/core'
import { CliError } from './cli-error'
import { readInput } from './input-file'
import type { Surroundings } from './surroundings'

/** A CRL may be large, a bundle of certificates is not. */
const MAX_BYTES = 8 << 20
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

/** What the files of `--material` hold, told apart by what they can be read as; the rest is passed over, as hostile material is. */
export async function readMaterial(
  paths: readonly string[] | undefined,
  surroundings: Surroundings,
): Promise<MaterialGiven> {
  return sortedMaterial((await all(paths, surroundings)).map(({ der }) => der))
}
