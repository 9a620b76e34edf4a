import { concat, EncodingError, equal } from '../encode/bytes'
import { DerError } from '../encode/der'
import { sha256 } from '../encode/sha256'
import { type Digest, digestOf } from '../model/digest'
import type { InstitutionId } from '../model/identifiers'
import type { Trust } from '../model/trust'
import { X509Error } from '../x509/x509-error'
import { type EndorsedProposal, readAnswer, readProposalHeader } from './fabric-messages'
import { nodeSigned, type Peer, peerOf } from './fabric-peer'
import { FabricError } from './fabric-protobuf'

/** By whose word, and when, endorsements are judged. */
export interface EndorsementTrust {
  readonly trust: Trust
  /** Peers' certificates are judged then. */
  readonly at: Date
}

/**
 * The organisations whose peers signed exactly this answer to exactly this proposal. What is not authentic is ignored; one key
 * speaks for one organisation.
 * @throws {@link FabricError} when proposal or answer cannot be read.
 */
export async function endorsersOf(
  endorsed: EndorsedProposal,
  { trust, at }: EndorsementTrust,
): Promise<ReadonlySet<InstitutionId>> {
  if (!isAnswerToProposal(endorsed)) return new Set()
  const { responsePayload, endorsements } = endorsed
  const peers = await Promise.all(
    endorsements.map(async ({ endorser, signature }) => {
      const peer = await readablePeer(endorser, trust, at)
      const isSigned = peer && (await nodeSigned(peer, concat(responsePayload, endorser), signature))
      return isSigned ? peer : undefined
    }),
  )
  const owners = new Map<Digest, InstitutionId>()
  for (const peer of peers.filter((one) => one !== undefined)) {
    const key = digestOf(peer.certificate.spki)
    if (!owners.has(key)) owners.set(key, peer.organisation.id)
  }
  return new Set(owners.values())
}

/** Whether these organisations may change the ledger together: as many, and one of them as independent, as the trust file says. */
export function mayChangeLedger(by: ReadonlySet<InstitutionId>, { quorum, organisations }: Trust): boolean {
  const independent = ({ id, kind }: Trust['organisations'][number]) =>
    by.has(id) && quorum.independentKinds.some((one) => one === kind)
  return by.size >= quorum.organisations && organisations.some(independent)
}

function isAnswerToProposal({ header, proposalPayload, responsePayload }: EndorsedProposal): boolean {
  const { channelHeader, signatureHeader } = readProposalHeader(header)
  const hash = sha256(concat(channelHeader, signatureHeader, proposalPayload))
  return equal(readAnswer(responsePayload).proposalHash, hash)
}

async function readablePeer(endorser: Uint8Array, trust: Trust, at: Date): Promise<Peer | undefined> {
  try {
    return await peerOf(endorser, trust, at)
  } catch (refusal) {
    if ([FabricError, EncodingError, DerError, X509Error].some((kind) => refusal instanceof kind)) return undefined
    throw refusal
  }
}
