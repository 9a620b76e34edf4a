import { toHex } from '../encode/bytes'
import { encodeCanonical, type Json } from '../encode/canonical'
import type { Statement } from '../model/attestation'
import type { Digest } from '../model/digest'
import type { InstitutionId, SealId } from '../model/identifiers'
import type { Trust } from '../model/trust'
import type { PeerWord } from './fabric-attestation'

/** The log, size and facts that a quorum is asked about. */
export interface Question {
  readonly institution: InstitutionId
  readonly size: number
  readonly seal?: SealId
  readonly certificate?: Digest
}

/** What the quorum of the trust file agrees on. */
export interface Agreed {
  /** `seal` and `certificate` only if the quorum stands behind them, too. */
  readonly statement: Statement
  readonly by: readonly InstitutionId[]
}

/**
 * FORMAT.md 6: every fact needs the quorum by itself. One organisation counts once, one key counts once; somebody other
 * than the log's owner, of an independent kind, must be among them. Forks are looked for elsewhere, before.
 * @returns undefined when no quorum agrees on a head.
 */
export function agreedBy(words: readonly PeerWord[], question: Question, trust: Trust): Agreed | undefined {
  const { institution, size } = question
  const about = withoutSharedKeys(words).filter(
    ({ statement }) =>
      statement.channel === trust.channel && statement.institution === institution && statement.size === size,
  )
  const quorumOf = <T>(among: readonly PeerWord[], fact: (statement: Statement) => T | undefined) =>
    agreeing(among, fact).find((group) => isQuorum(group, institution, trust))
  const heads = quorumOf(about, ({ root, from, recordedAt, registered }) => ({ root, from, recordedAt, registered }))
  if (heads === undefined) return undefined
  const seals = quorumOf(heads, ({ seal }) => (seal?.id === question.seal ? seal : undefined))
  const certificates = quorumOf(heads, ({ certificate }) =>
    certificate?.digest === question.certificate ? certificate : undefined,
  )
  const { seal, certificate, challenge, latest, ...head } = heads[0].statement
  const statement = {
    ...head,
    ...(seals && { seal: seals[0].statement.seal }),
    ...(certificates && { certificate: certificates[0].statement.certificate }),
  }
  return { statement, by: [...new Set(heads.map(({ organisation }) => organisation))] }
}

/** Words grouped by what they say of one fact; those that say nothing of it are left out. */
function agreeing<T>(
  words: readonly PeerWord[],
  fact: (statement: Statement) => T | undefined,
): readonly (readonly PeerWord[])[] {
  const groups = new Map<string, PeerWord[]>()
  for (const word of words) {
    const said = fact(word.statement)
    if (said === undefined) continue
    const bytes = toHex(encodeCanonical(said as Json))
    groups.set(bytes, [...(groups.get(bytes) ?? []), word])
  }
  return [...groups.values()]
}

function isQuorum(words: readonly PeerWord[], owner: InstitutionId, { quorum, organisations }: Trust): boolean {
  const ids = new Set(words.map(({ organisation }) => organisation))
  const independent = organisations.some(
    ({ id, kind }) => id !== owner && ids.has(id) && quorum.independentKinds.some((one) => one === kind),
  )
  return ids.size >= quorum.organisations && independent
}

/** A key that speaks for two organisations speaks for the first only. */
function withoutSharedKeys(words: readonly PeerWord[]): readonly PeerWord[] {
  const owners = new Map<Digest, InstitutionId>()
  return words.filter(({ key, organisation }) => {
    const owner = owners.get(key) ?? organisation
    owners.set(key, owner)
    return owner === organisation
  })
}
