import {
  equal,
  fromBase64,
  type InstitutionId,
  parseCertificate,
  parseCrl,
  toBase64,
  verifySignature,
} from '@cinnabar/core'
import { AuthorityError } from './authority-error'
import { generateCrl } from './fabric-ca-client'
import type { FabricSealCa } from './fabric-ca-config'
import { registrarOf } from './fabric-ca-registrar'
import type { AuthorityParts } from './root'

/** A CRL as it was fetched. */
interface KeptCrl {
  readonly institution: InstitutionId
  /** Base64 DER. */
  readonly der: string
  /** ISO 8601. */
  readonly fetchedAt: string
}

/** What a {@link FabricCrls} works with. */
export interface CrlParts extends AuthorityParts {
  /** Told why a list was not fetched anew; the last one is served meanwhile. */
  readonly report: (error: unknown) => void
}

/** Revocations made at the CA itself show this late at most. */
const FRESH_MS = 10 * 60_000
/** A CA that does not answer is left alone for so long: a CRL's address is open to everybody. */
const REST_MS = 30_000

/**
 * The CRLs of seal CAs, fetched from them and kept in the store, so that lists go on being served, and evidence made, while
 * a CA is away. Fabric CA's lists hold serial number and time alone; reasons are in the ledger's register.
 */
export class FabricCrls {
  readonly #parts: CrlParts
  readonly #restsUntil = new Map<InstitutionId, number>()
  readonly #fetching = new Map<InstitutionId, Promise<Uint8Array>>()

  constructor(parts: CrlParts) {
    this.#parts = parts
  }

  /** DER. @throws {@link AuthorityError} when the CA has to be asked and cannot be, and no list was ever fetched. */
  async current(ca: FabricSealCa): Promise<Uint8Array> {
    const kept = (await this.#parts.store.get<KeptCrl>('settings', idOf(ca)))?.value
    const now = this.#now()
    const rests = now < (this.#restsUntil.get(ca.institution) ?? 0)
    if (kept !== undefined && (rests || now < Date.parse(kept.fetchedAt) + FRESH_MS)) return fromBase64(kept.der)
    try {
      return await this.fetch(ca)
    } catch (error) {
      if (kept === undefined || !(error instanceof AuthorityError)) throw error
      this.#restsUntil.set(ca.institution, now + REST_MS)
      this.#parts.report(error)
      return fromBase64(kept.der)
    }
  }

  /** The CA's list of this moment; from now on it is the one that is served. @throws {@link AuthorityError}. */
  fetch(ca: FabricSealCa): Promise<Uint8Array> {
    const underWay = this.#fetching.get(ca.institution)
    if (underWay !== undefined) return underWay
    const fetching = this.#fetch(ca).finally(() => this.#fetching.delete(ca.institution))
    this.#fetching.set(ca.institution, fetching)
    return fetching
  }

  async #fetch(ca: FabricSealCa): Promise<Uint8Array> {
    const fetchedAt = new Date(this.#now()).toISOString()
    const der = await generateCrl(ca, await registrarOf(this.#parts, ca))
    await requireOwn(ca, der)
    await this.#keep(ca, { institution: ca.institution, der: toBase64(der), fetchedAt })
    return der
  }

  async #keep(ca: FabricSealCa, next: KeptCrl): Promise<void> {
    const { store } = this.#parts
    for (;;) {
      const before = await store.get<KeptCrl>('settings', idOf(ca))
      const written =
        before === undefined
          ? await store.insert('settings', idOf(ca), next)
          : before.value.fetchedAt > next.fetchedAt || (await store.replace('settings', idOf(ca), before.version, next))
      if (written) return
    }
  }

  #now(): number {
    return this.#parts.clock.now().getTime()
  }
}

async function requireOwn({ certificate, name }: FabricSealCa, der: Uint8Array): Promise<void> {
  const crl = parseCrl(der)
  const { subject, spki } = parseCertificate(certificate)
  const own =
    equal(crl.issuer, subject) && (await verifySignature(crl.signatureAlgorithm, spki, crl.tbs, crl.signature))
  if (!own) throw new AuthorityError('CA_INVALID', `the CA ${name} gave a CRL that is not its own`)
}

function idOf({ institution }: FabricSealCa): string {
  return `fabric-crl/${institution}`
}
