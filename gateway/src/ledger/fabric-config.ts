import {
  type Caller,
  INSTITUTION_KINDS,
  type InstitutionId,
  type InstitutionKind,
  institutionId,
  LedgerError,
} from '@cinnabar/core'
import { z } from 'zod'
import { connectionReader } from '../connection-file'
import { endorserPairs } from './fabric-endorsers'

/** A peer that serves Fabric's gateway. */
export interface FabricPeer {
  readonly organisation: InstitutionId
  /** `host:port`. */
  readonly address: string
  /** The name in its TLS certificate, when it is not the address's. */
  readonly hostOverride?: string
  /** Root of its TLS certificate, PEM. */
  readonly tlsRoot: string
}

/** A ledger identity. */
export interface FabricIdentity extends Caller {
  /** X.509, PEM. */
  readonly certificate: string
  /** PKCS #8 or SEC 1, PEM; ECDSA P-256. */
  readonly key: string
}

/** An organisation whose peers may endorse. */
export interface FabricOrganisation {
  readonly id: InstitutionId
  readonly kind: InstitutionKind
}

/** How to reach a channel, and as whom. */
export interface FabricConnection {
  readonly channel: string
  readonly chaincode: string
  readonly organisations: readonly FabricOrganisation[]
  /** In the order in which they are turned to: one's own first. */
  readonly peers: readonly FabricPeer[]
  readonly identities: readonly FabricIdentity[]
}

const reader = connectionReader(invalid)
const file = z.string().min(1)
const client = z.object({ certificate: file, key: file })
const connection = z.object({
  type: z.literal('cinnabar.connection.v1'),
  channel: z.string().min(1),
  chaincode: z.string().min(1),
  institutions: z
    .array(
      z.object({
        mspId: z.string(),
        kind: z.enum(INSTITUTION_KINDS),
        peers: z
          .array(z.object({ address: z.string(), hostOverride: z.string().optional(), tlsRoot: file }))
          .default([]),
        clients: z.object({ registrar: client.optional(), sealer: client.optional() }).default({}),
      }),
    )
    .min(1),
})

/**
 * Reads a connection file (network/README.md) with the PEM files that it names. Organisations without `clients` are the
 * others of somebody else's network, whose peers need not be named; the first with clients is one's own, and its peers
 * come first.
 * @throws {@link LedgerError} `CONNECTION_INVALID`, also when no two of the organisations could endorse.
 */
export function readConnection(path: string): FabricConnection {
  const parsed = connection.safeParse(reader.json(path))
  if (!parsed.success) throw invalid(path, z.prettifyError(parsed.error))
  const { channel, chaincode, institutions } = parsed.data
  const isOwn = (one: (typeof institutions)[number]) => one.clients.registrar ?? one.clients.sealer
  const ordered = [...institutions.filter(isOwn), ...institutions.filter((one) => !isOwn(one))]
  const members = ordered.map((one) => ({ ...one, id: institutionId(one.mspId, 'mspId') }))
  if (endorserPairs(members, members[0].id).length === 0) {
    throw invalid(path, 'it names no two organisations that could endorse, one of them an agency or a court')
  }
  return {
    channel,
    chaincode,
    organisations: members.map(({ id, kind }) => ({ id, kind })),
    peers: members.flatMap(({ id, peers }) =>
      peers.map((peer) => ({ ...peer, organisation: id, tlsRoot: reader.text(peer.tlsRoot) })),
    ),
    identities: members.flatMap(({ id, clients }) =>
      (['registrar', 'sealer'] as const).flatMap((role) => {
        const files = clients[role]
        if (files === undefined) return []
        return [{ institution: id, role, certificate: reader.text(files.certificate), key: reader.text(files.key) }]
      }),
    ),
  }
}

function invalid(path: string, why: string, cause?: unknown): LedgerError {
  return new LedgerError('CONNECTION_INVALID', `${path}: ${why}`, { path }, cause)
}
