import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appendCall } from '@cinnabar/chaincode'
import {
  type Attestation,
  digestFromBytes,
  EntryFormat,
  type FabricAttestation,
  fromBase64,
  type InstitutionId,
  inclusionProof,
  LedgerError,
  LogTree,
  leafHash,
  OpeningFormat,
  parseToken,
  peerWordOf,
  type Receipt,
  rootAt,
  type Time,
  toBase64,
  verify,
  writeEvidence,
} from '@cinnabar/core'
import { foundCast, newKey, registerSeal, sealEntry, sealer, useOf } from '@cinnabar/core/testing'
import { readArguments } from '../../src/audit/arguments'
import { audit } from '../../src/audit/audit'
import { type AuditedPeer, auditedPeers, PeerSilence } from '../../src/audit/audited-peer'
import type { AuditReport } from '../../src/audit/report'
import { systemClock } from '../../src/clock'
import { readConfig } from '../../src/config'
import { YUANHANG } from '../../src/demo/institutions'
import { attestationIn } from '../../src/ledger/fabric-attest'
import { readConnection } from '../../src/ledger/fabric-config'
import { DEADLINE_MS, FabricPeers } from '../../src/ledger/fabric-peers'
import { createLogger } from '../../src/log'
import { type Node, openNode } from '../../src/node'
import { Notarizer } from '../../src/notarize/notarizer'
import type { SealSignatureRecord } from '../../src/notarize/records'
import { CONTRACT } from '../embedded-gateway'
import { newClient } from './callers'
import { networkFolder, openRealLedger, realCast, realConnection, realTrust } from './real-network'

const COURT = 'JiangzhouCourt' as InstitutionId
const BUREAU = 'JiangzhouBureau' as InstitutionId
const connectionFile = join(networkFolder, 'connection.json')
const institution = YUANHANG.id

let folder: string
let node: Node
let peers: FabricPeers

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-rogue-'))
  const settings = { CINNABAR_LEDGER: 'fabric', CINNABAR_DATA: folder, CINNABAR_FABRIC_CONNECTION: connectionFile }
  const log = createLogger('error', systemClock, () => undefined)
  node = await openNode(readConfig(settings), { clock: systemClock, log, publicUrl: 'http://127.0.0.1:8080' })
  peers = new FabricPeers(realConnection(), systemClock)
}, 120_000)
afterAll(async () => {
  await replaceChaincode()
  peers.close()
  await node.close()
  await rm(folder, { recursive: true })
}, 60_000)

/** The court's chaincode server: lying, or honest again. Its peer turns to the new one by itself, after a moment. */
async function replaceChaincode(...lie: readonly string[]): Promise<void> {
  const script = join(__dirname, 'replace-chaincode.mjs')
  const env = { ...process.env, CINNABAR_NETWORK: networkFolder }
  const { status, stderr } = spawnSync(process.execPath, [script, COURT, ...lie], { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const { size } = await node.env.ledger.head(institution)
  for (let attempt = 1; ; attempt++) {
    try {
      await peerOf(COURT).attest({ institution, size })
      return
    } catch (error) {
      if (!(error instanceof PeerSilence) || attempt === 60) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

const peerOf = (organisation: InstitutionId): AuditedPeer => {
  const found = auditedPeers(peers).find((peer) => peer.organisation === organisation)
  if (found === undefined) throw new TypeError(`no peer of ${organisation}`)
  return found
}

/** What of an audit of this node's store is about these uses of the institution's or about an organisation's answers: others write to this ledger, too. */
async function audited(uses: readonly string[]): Promise<AuditReport['differences']> {
  const report = await audit(
    readArguments(['--trust', node.trustFile, '--connection', connectionFile, '--data', folder], '/'),
    { clock: systemClock, progress: () => undefined, connect },
  )
  expect(report.gaps).toEqual([])
  expect(report.peers.map(({ silent }) => silent)).toEqual([false, false, false])
  return report.differences.filter(
    ({ code, where }) =>
      code !== 'USE_NOT_IN_STORE' || (where.institution === institution && uses.includes(String(where.index))),
  )
}

function connect(path: string) {
  const own = new FabricPeers(readConnection(path), systemClock)
  return { peers: auditedPeers(own), close: () => own.close() }
}

interface Made {
  readonly id: string
  readonly record: SealSignatureRecord
  readonly pdf: Uint8Array
}

/** Seals a document, and waits until it has so many receipts: none when the ledger is kept from it. */
async function sealedBy(env: Node['env'], receipts: 0 | 1): Promise<Made> {
  const notarizer = await Notarizer.start(env)
  try {
    const { user } = YUANHANG
    const { id: document } = await notarizer.receive({ institution, user, name: 'a.pdf', bytes: CONTRACT })
    const { value } = await notarizer.request({ institution, user, document, seal: 'official' })
    const id = value.sealSignature
    for (let attempt = 0; attempt < 300; attempt++) {
      const found = await env.store.get<SealSignatureRecord>('sealSignatures', id)
      if (found !== undefined && found.value.receipts.length >= receipts) {
        const pdf = await env.files.get(found.value.fileSha256)
        return { id, record: found.value, pdf: pdf ?? new Uint8Array(0) }
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new TypeError('nothing was sealed')
  } finally {
    await notarizer.close()
  }
}

/** A receipt that puts one use in the place of another, with the tree that this would give. */
async function falseReceipt(truth: Made, secret: Made) {
  const [honest] = truth.record.receipts
  const { index, size } = honest
  const { opening, token } = secret.record.use
  const entries = [...(await entriesUpTo(size))]
  const entry = {
    ...honest.entry,
    commitment: OpeningFormat.digest(opening),
    certificate: opening.certificate,
    tokenTime: parseToken(fromBase64(token)).genTimeText as Time,
  } as Receipt['entry']
  entries[index] = entry
  const tree = new LogTree(entries.map((one) => leafHash(EntryFormat.encode(one))))
  const proof = inclusionProof(tree.node, index, size).map(digestFromBytes)
  const receipt = (attestations: readonly Attestation[]): Receipt => {
    const { preservation: _, ...rest } = honest
    return { ...rest, attestations: [...attestations], entry, opening, proof } as Receipt
  }
  return { receipt, root: digestFromBytes(rootAt(tree.node, size)), size }
}

async function entriesUpTo(size: number) {
  const all = []
  while (all.length < size) {
    all.push(...(await node.env.ledger.entries(institution, all.length, Math.min(size, all.length + 1000))))
  }
  return all
}

/** What a stranger finds, offline: outcome and the anchor check's code. */
async function verified({ record, pdf, id }: Made, receipts: readonly Receipt[]) {
  const signature = {
    id: id as Receipt['opening']['id'],
    receipts,
    certificates: record.certificates.map(fromBase64),
    crls: await node.env.sealKeys.crls(institution),
  }
  const evidence = [writeEvidence({ created: '2026-11-22T03:04:05Z' as Time, signatures: [signature] })]
  const report = await verify({ pdf, evidence, trust: node.trust, at: systemClock.now() })
  const anchor = report.signatures[0]?.checks.find(({ check }) => check === 'anchor')
  return [report.outcome, anchor?.code]
}

describe('a rogue operator, with one organisation at its side', () => {
  it('convinces neither a stranger offline nor the auditor', async () => {
    const truth = await sealedBy(node.env, 1)
    const refusing = async () => {
      throw new LedgerError('LEDGER_UNAVAILABLE', 'kept from the ledger')
    }
    const secret = await sealedBy({ ...node.env, ledger: { ...node.env.ledger, append: refusing } }, 0)
    expect(truth.record.receipts).toHaveLength(1)
    expect(secret.record.receipts).toHaveLength(0)
    expect(await verified(truth, truth.record.receipts)).toEqual(['passed', 'OK'])
    const index = String(truth.record.receipts[0].index)
    expect(await audited([index])).toEqual([])

    const forged = await falseReceipt(truth, secret)
    const lieFile = join(folder, 'lie.json')
    await writeFile(lieFile, JSON.stringify({ institution, size: forged.size, root: forged.root }))
    await replaceChaincode(lieFile)
    const request = { institution, size: forged.size, seal: truth.record.seal }
    const lie = await peerOf(COURT).attest(request)
    const honest = await peerOf(BUREAU).attest(request)
    const word = await peerWordOf(lie, realTrust(), new Date())
    expect([word?.organisation, word?.statement.root]).toEqual([COURT, forged.root])

    expect(await verified(secret, [forged.receipt([lie])])).toEqual(['indeterminate', 'QUORUM_NOT_MET'])
    expect(await verified(secret, [forged.receipt([lie, honest])])).toEqual(['failed', 'LEDGER_FORK'])
    const [{ attestations }] = truth.record.receipts
    expect(await verified(secret, [forged.receipt(attestations)])).toEqual(['failed', 'INCLUSION_PROOF_INVALID'])

    const stored = await node.env.store.get<SealSignatureRecord>('sealSignatures', secret.id)
    await node.env.store.replace('sealSignatures', secret.id, stored?.version ?? 0, {
      ...secret.record,
      receipts: [forged.receipt([lie])],
    })
    const found = await audited([index])
    expect(found).toContainEqual({
      code: 'ENTRY_DIFFERS',
      where: { institution, sealSignature: secret.id, index: Number(index) },
    })
    const liars = found.filter(({ code }) => code === 'STATEMENT_DIFFERS' || code === 'APPEND_DIFFERS')
    expect(new Set(liars.map(({ where }) => where.organisation))).toEqual(new Set([COURT]))
    expect(liars).toContainEqual(
      expect.objectContaining({ where: expect.objectContaining({ institution, size: forged.size }) }),
    )

    await replaceChaincode()
    await node.env.store.replace('sealSignatures', secret.id, (stored?.version ?? 0) + 1, secret.record)
    expect(await audited([index])).toEqual([])
  }, 180_000)
})

describe('what was endorsed and never submitted', () => {
  it('is no attestation, though two organisations signed it, and contradicts nothing', async () => {
    const cast = await realCast()
    const ledger = openRealLedger()
    try {
      await foundCast(ledger, cast)
      const held = await registerSeal(ledger, cast.agency)
      const { size } = await ledger.head(BUREAU)
      const conflicting = await Promise.all(
        [1, 2].map(async () => {
          const use = await useOf(held, cast.court, new Date())
          const { name, args, transient } = appendCall(BUREAU, size, [sealEntry(use, held.seal, 1)], [use])
          const transaction = await peers
            .ordered()[0]
            .networkFor(peers.identityOf(sealer(cast.agency)))
            .getContract(peers.connection.chaincode)
            .newProposal(name, {
              arguments: [...args],
              transientData: Object.fromEntries(transient ?? []),
              endorsingOrganizations: [BUREAU, COURT],
            })
            .endorse(peers.deadline(DEADLINE_MS.endorse))
          return attestationIn(transaction)
        }),
      )
      for (const one of conflicting) expect(await peerWordOf(one, realTrust(), new Date())).toBeUndefined()
      expect(conflicting[0].payload).not.toBe(conflicting[1].payload)
      expect(await ledger.head(BUREAU)).toMatchObject({ size })
      const honest = await peerOf(COURT).attest({ institution: BUREAU, size })
      expect(await peerWordOf(honest, realTrust(), new Date())).toBeDefined()
      // The head of the true attestation over what was signed of an append is none, either.
      const mixed: FabricAttestation = {
        ...honest,
        payload: conflicting[0].payload,
        signature: conflicting[0].signature,
      }
      expect(await peerWordOf(mixed, realTrust(), new Date())).toBeUndefined()
    } finally {
      await ledger.close()
    }
  }, 60_000)
})

describe('a certificate of the organisation’s own CA', () => {
  it('whose common name reads OU=peer is no peer', async () => {
    const { size } = await node.env.ledger.head(institution)
    const honest = await peerOf(COURT).attest({ institution, size })
    const key = await newKey()
    const { certificate } = await newClient(COURT, key, { commonName: `${Date.now()},OU=peer` })
    expect(certificate).toContain('BEGIN CERTIFICATE')
    const endorser = serialized(COURT, certificate)
    const payload = fromBase64(honest.payload)
    const signature = await key.signer.sign(new Uint8Array([...payload, ...endorser]))
    const forged = { ...honest, endorser: toBase64(endorser), signature: toBase64(signature) }
    expect(await peerWordOf(honest, realTrust(), new Date())).toMatchObject({ organisation: COURT })
    expect(await peerWordOf(forged, realTrust(), new Date())).toBeUndefined()
  }, 30_000)
})

/** SerializedIdentity of fabric-protos. */
function serialized(mspId: string, pem: string): Uint8Array {
  const field = (number: number, text: string) => {
    const bytes = Buffer.from(text)
    const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7]
    return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), bytes])
  }
  return new Uint8Array(Buffer.concat([field(1, mspId), field(2, pem)]))
}
