import {
  type Digest,
  objectIdentifier,
  type RecognisedConsortium,
  type Time,
  type Trust,
  TrustFormat,
  type TrustList,
  toBase64,
} from '@cinnabar/core'
import { CliError } from './cli-error'

/** What a version of a list changes in the one before; all else stays. */
export interface ListChanges {
  readonly names: { readonly list: Partial<Bilingual>; readonly operator: Partial<Bilingual> }
  readonly added: readonly { readonly region: string; readonly trust: Trust }[]
  /** `INSTITUTION=OID`. */
  readonly policies: readonly string[]
  /** Fingerprints, or how they begin. */
  readonly withdrawn: readonly string[]
  readonly withdrawnAt: Time
  readonly removed: readonly string[]
  readonly sequence: number
  readonly issued: Time
  readonly expires: Time
}

type Bilingual = TrustList['name']

/**
 * The next version of a list, or a first one.
 * @param spki - the operator's public key, DER.
 * @throws {@link CliError} `LIST_CHANGE_INVALID`, `CONSORTIUM_UNKNOWN`.
 */
export function draftList(spki: Uint8Array, previous: TrustList | undefined, changes: ListChanges): TrustList {
  const { sequence, issued, expires, names } = changes
  return {
    consortia: consortiaOf(previous?.consortia ?? [], changes),
    expires,
    issued,
    name: named('--name', names.list, previous?.name),
    operator: { key: toBase64(spki), name: named('--operator', names.operator, previous?.operator.name) },
    sequence,
    type: 'cinnabar.trustList.v1',
  }
}

function named(option: string, { en, zh }: Partial<Bilingual>, before: Bilingual | undefined): Bilingual {
  const name = { en: en ?? before?.en, zh: zh ?? before?.zh }
  if (name.en === undefined || name.zh === undefined) {
    throw new CliError('LIST_CHANGE_INVALID', { what: `${option} and ${option}-zh are needed for a first version` })
  }
  return { en: name.en, zh: name.zh }
}

function consortiaOf(before: readonly RecognisedConsortium[], changes: ListChanges): readonly RecognisedConsortium[] {
  const { removed, withdrawn, withdrawnAt, added, policies } = changes
  const gone = new Set(removed.map((fingerprint) => find(before, fingerprint)))
  const ended = new Set(withdrawn.map((fingerprint) => find(before, fingerprint)))
  const kept = before.filter((one) => !gone.has(one)).map((one) => (ended.has(one) ? { ...one, withdrawnAt } : one))
  const fresh = added.map(({ region, trust }): RecognisedConsortium => ({ policies: [], region, trust }))
  return withPolicies({ kept, fresh }, policies)
}

/** The one consortium with this fingerprint. */
function find(consortia: readonly RecognisedConsortium[], fingerprint: string): RecognisedConsortium {
  const digits = fingerprint.replace(/^sha256:/, '')
  const found = consortia.filter(({ trust }) => digitsOf(TrustFormat.digest(trust)).startsWith(digits))
  if (!/^[0-9a-f]{8,64}$/.test(digits) || found.length !== 1) throw new CliError('CONSORTIUM_UNKNOWN', { fingerprint })
  return found[0]
}

function digitsOf(digest: Digest): string {
  return digest.replace('sha256:', '')
}

interface Both {
  readonly kept: readonly RecognisedConsortium[]
  readonly fresh: readonly RecognisedConsortium[]
}

/** What is said of an institution now takes the place of what was said of it before. */
function withPolicies({ kept, fresh }: Both, said: readonly string[]): readonly RecognisedConsortium[] {
  const oids = new Map<string, string[]>()
  for (const one of said) {
    const [, institution, oid] = /^([^=]+)=([0-9.]+)$/.exec(one) ?? []
    if (institution === undefined) throw new CliError('LIST_CHANGE_INVALID', { what: `--policy ${one}` })
    oids.set(institution, [...(oids.get(institution) ?? []), objectIdentifier(oid, '--policy')])
  }
  const targets = new Map([...oids.keys()].map((institution) => [institution, homeOf(institution, { kept, fresh })]))
  return [...kept, ...fresh].map((one) => {
    const mine = [...oids].filter(([institution]) => targets.get(institution) === one)
    if (mine.length === 0) return one
    const others = one.policies.filter(({ institution }) => !oids.has(institution))
    const policies = mine.map(([institution, list]) => ({ institution, oids: list }))
    return { ...one, policies: [...others, ...policies] as RecognisedConsortium['policies'] }
  })
}

/** The consortium that has the institution: one that is added now before one that was there. */
function homeOf(institution: string, { kept, fresh }: Both): RecognisedConsortium {
  const having = (all: readonly RecognisedConsortium[]) =>
    all.filter(({ trust }) => trust.organisations.some(({ id }) => id === institution))
  const [first, ...more] = having(fresh).length > 0 ? having(fresh) : having(kept)
  if (first === undefined || more.length > 0) {
    throw new CliError('LIST_CHANGE_INVALID', {
      what: `${first ? more.length + 1 : 0} consortia have an institution ${institution}`,
    })
  }
  return first
}
