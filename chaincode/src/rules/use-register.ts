import {
  type Certificate,
  type CertificateRecord,
  type Digest,
  type InstitutionId,
  parseCertificate,
  type Seal,
  type SealId,
  TsaFormat,
  type TsaRecord,
  type Use,
} from '@cinnabar/core'
import { type Context, parseRecord, requireCertificate, requireDer, requireSeal } from './context'
import { valuesUnder } from './state'

/** The register as one append needs it; each record is read once, however many uses name it. */
export interface UseRegister {
  readonly institution: InstitutionId
  /** Reads what these uses name. What is missing is told to the use that then asks for it. */
  prefetch(uses: readonly Use[]): Promise<void>
  /** @throws RuleError `SEAL_UNKNOWN`. */
  seal(id: SealId): Promise<Seal>
  /** @throws RuleError `CERTIFICATE_UNKNOWN`. */
  certificate(digest: Digest): Promise<{ readonly record: CertificateRecord; readonly certificate: Certificate }>
  /** All timestamp authorities of the consortium, by the digest of their certificate. */
  tsas(): Promise<ReadonlyMap<Digest, RegisteredTsa>>
}

/** An authority's certificate with its records: of each institution that answers for it. */
export interface RegisteredTsa {
  readonly records: readonly TsaRecord[]
  readonly certificate: Certificate
}

export function openUseRegister(context: Context, institution: InstitutionId): UseRegister {
  const seal = once((id: SealId) => requireSeal(context, institution, id))
  const certificate = once(async (digest: Digest) => {
    const record = await requireCertificate(context, institution, digest)
    return { record, certificate: parseCertificate(await requireDer(context, digest)) }
  })
  const tsas = once<void, ReadonlyMap<Digest, RegisteredTsa>>(() => readTsas(context))
  const prefetch = async (uses: readonly Use[]) => {
    const named = uses.flatMap((use) =>
      use.type === 'cinnabar.sealUse.v1' ? [seal(use.opening.seal), certificate(use.opening.certificate)] : [],
    )
    await Promise.allSettled([...named, tsas()])
  }
  return { institution, prefetch, seal, certificate, tsas }
}

async function readTsas(context: Context): Promise<ReadonlyMap<Digest, RegisteredTsa>> {
  const records = (await valuesUnder(context.state, 'tsa/')).map((bytes) => parseRecord(bytes, TsaFormat))
  const all = new Map<Digest, RegisteredTsa>()
  for (const record of records) {
    const known = all.get(record.digest)
    const certificate = known?.certificate ?? parseCertificate(await requireDer(context, record.digest))
    all.set(record.digest, { records: [...(known?.records ?? []), record], certificate })
  }
  return all
}

function once<K = void, V = unknown>(read: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>()
  return (key) => {
    const promise = known.get(key) ?? read(key)
    known.set(key, promise)
    return promise
  }
}
