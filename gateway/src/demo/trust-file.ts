import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import {
  concat,
  type InstitutionId,
  type Names,
  type Organisation,
  parseTrust,
  type Trust,
  TrustFormat,
  timeOf,
  toBase64,
  utf8,
} from '@cinnabar/core'
import type { AuthorityParts } from '../authority/root'
import type { SealAuthority } from '../authority/seal-authority'
import { writeWhole } from '../store/whole-file'
import { findLocalTsa } from '../tsa/local'

/** Whose word about the ledger counts. */
export type LedgerTrust = Pick<Trust, 'channel' | 'chaincode' | 'genesis' | 'quorum' | 'singleOperator'> & {
  readonly organisations: readonly Pick<Organisation, 'id' | 'kind' | 'names' | 'ordererRoots' | 'roots'>[]
}

/** What the demonstration's trust file is drawn from. */
export interface TrustParts extends AuthorityParts {
  readonly authority: SealAuthority
  readonly ledgerTrust: LedgerTrust
  /** Whose trust file it is; the demonstration's unless given. */
  readonly name?: Names
}

/** Reads a trust file. @returns undefined when there is none. @throws FormatError when it is no trust file. */
export async function readTrust(path: string): Promise<Trust | undefined> {
  try {
    return parseTrust(new Uint8Array(await readFile(path)))
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === 'ENOENT') return undefined
    throw cause
  }
}

/** The trust file with what of it this gateway would say otherwise, for people. */
export interface DemoTrust {
  readonly trust: Trust
  /** Empty when file and gateway agree. */
  readonly differs: readonly string[]
}

/**
 * Writes the demonstration's trust file, with the seal CAs and timestamp authorities that this gateway knows. One that is there is never written over: whoever
 * trusts it must hear that the keys are others now, and it may be the keys that are wrong.
 */
export async function writeDemoTrust(path: string, parts: TrustParts): Promise<DemoTrust> {
  const before = await readTrust(path)
  const now = await demoTrust(parts, before?.version ?? 1, before?.issued ?? timeOf(parts.clock.now()))
  if (before !== undefined) return { trust: before, differs: differencesOf(before, now) }
  await writeWhole(path, concat(TrustFormat.encode(now), utf8('\n')), 0o644)
  return { trust: now, differs: [] }
}

/** Writes a trust file of its own for what was founded in earnest, as the next version of the one that is there. */
export async function writeTrust(path: string, parts: TrustParts & { readonly name: Names }): Promise<Trust> {
  const before = await readTrust(path)
  const trust = await demoTrust(parts, (before?.version ?? 0) + 1, timeOf(parts.clock.now()))
  await writeWhole(path, concat(TrustFormat.encode(trust), utf8('\n')), 0o644)
  return trust
}

const MEMBERS = ['chaincode', 'channel', 'demonstration', 'genesis', 'name', 'quorum'] as const
const ANCHORS = ['kind', 'names', 'ordererRoots', 'roots', 'sealCas', 'tsas'] as const

function differencesOf(before: Trust, now: Trust): readonly string[] {
  const ids = [...new Set([...before.organisations, ...now.organisations].map(({ id }) => id))]
  const organisation = ({ organisations }: Trust, id: InstitutionId) => organisations.find((one) => one.id === id)
  return [
    ...MEMBERS.filter((member) => !isDeepStrictEqual(before[member], now[member])),
    ...(isDeepStrictEqual(before.singleOperator, now.singleOperator) ? [] : ["the node's key"]),
    ...ids.flatMap((id) => {
      const [was, is] = [organisation(before, id), organisation(now, id)]
      return ANCHORS.filter((anchor) => !isDeepStrictEqual(was?.[anchor], is?.[anchor])).map(
        (anchor) => `${anchor} of ${id}`,
      )
    }),
  ]
}

async function demoTrust(parts: TrustParts, version: number, issued: Trust['issued']): Promise<Trust> {
  const { channel, chaincode, genesis, quorum, singleOperator } = parts.ledgerTrust
  const organisations: Organisation[] = []
  for (const { id, kind, names, ordererRoots, roots } of parts.ledgerTrust.organisations) {
    const ca = await parts.authority.find(id)
    const sealCas = ca === undefined ? [] : [toBase64(ca.certificate)]
    const tsas = await tsasOf(parts, id)
    organisations.push({ id, kind, names, ...(ordererRoots && { ordererRoots }), roots, sealCas, tsas })
  }
  return {
    chaincode,
    channel,
    demonstration: parts.name === undefined,
    ...(genesis && { genesis }),
    issued,
    name: parts.name ?? { en: 'Jiangzhou demonstration consortium', zh: '江州示范联盟' },
    organisations,
    quorum,
    ...(singleOperator && { singleOperator }),
    type: 'cinnabar.trust.v1',
    version,
  }
}

/** The authority's root, so that its certificate can be renewed without a new trust file. */
async function tsasOf(parts: TrustParts, institution: InstitutionId): Promise<Organisation['tsas']> {
  const tsa = await findLocalTsa(parts, institution)
  return tsa === undefined ? [] : [{ certificate: toBase64(tsa.root) }]
}
