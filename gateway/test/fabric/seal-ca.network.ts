import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Digest,
  digestOf,
  fromBase64,
  parseCertificate,
  parseCrl,
  revocationOf,
  type Seal,
  timeOf,
} from '@cinnabar/core'
import type { IssuedCertificate } from '../../src/authority/seal-authority'
import { renewSeals } from '../../src/authority/seal-renewal'
import { bringRevocations, revokeSealCertificate } from '../../src/authority/seal-revocation'
import { systemClock } from '../../src/clock'
import { readConfig } from '../../src/config'
import { BUREAU, YUANHANG } from '../../src/demo/institutions'
import { createLogger } from '../../src/log'
import { type Node, openNode } from '../../src/node'
import { Notarizer } from '../../src/notarize/notarizer'
import { CONTRACT } from '../embedded-gateway'
import { networkFolder } from './real-network'

const YEAR_MS = 365 * 24 * 3600 * 1000

describe('seal certificates of a Fabric CA', () => {
  let folder: string
  let node: Node
  const open = async (at: string) =>
    openNode(
      readConfig({
        CINNABAR_LEDGER: 'fabric',
        CINNABAR_DATA: at,
        CINNABAR_FABRIC_CONNECTION: join(networkFolder, 'connection.json'),
      }),
      {
        clock: systemClock,
        log: createLogger('error', systemClock, () => undefined),
        publicUrl: 'http://127.0.0.1:8080',
      },
    )
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cinnabar-fabric-ca-'))
    node = await open(join(folder, 'a'))
  }, 60_000)
  afterAll(async () => {
    await node.close()
    await rm(folder, { recursive: true })
  })

  const parts = () => ({ ...node.env, keys: node.keys, authority: node.authority })
  const sealOf = async (id: string): Promise<Seal> => {
    const found = (await node.env.ledger.seals(YUANHANG.id)).find(({ seal }) => seal.id === id)
    if (found === undefined) throw new TypeError(`no seal ${id}`)
    return found.seal
  }
  const certificateOf = async (digest: Digest) => {
    const issued = await node.env.store.get<IssuedCertificate>('certificates', digest)
    return parseCertificate(fromBase64(issued?.value.certificate ?? ''))
  }
  const crlEntry = async (digest: Digest) => {
    const [crl] = await node.env.sealKeys.crls(YUANHANG.id)
    return revocationOf(parseCrl(crl), await certificateOf(digest))
  }

  it('are over keys of the keeper, for sealing, under a root that the ledger has and no MSP, and name their CRL', async () => {
    const { certificate } = await sealOf('official')
    const parsed = await certificateOf(certificate)
    const key = await node.env.sealKeys.find(YUANHANG.id, certificate)
    expect(key?.signer.spki).toEqual(parsed.spki)
    expect([...(parsed.keyUsage ?? [])]).toEqual(['digitalSignature', 'nonRepudiation'])
    expect(parsed.crlUrls).toEqual(['http://127.0.0.1:8080/crl/YuanhangTech-seal.crl'])
    const root = key?.certificates[1] ?? new Uint8Array()
    expect((await node.env.ledger.institution(YUANHANG.id))?.sealCas).toContain(digestOf(root))
    const organisation = node.trust?.organisations.find(({ id }) => id === YUANHANG.id)
    expect(organisation?.roots.map((der) => digestOf(fromBase64(der)))).not.toContain(digestOf(root))
  })

  it('are refused over a key that is not kept here', async () => {
    const request = { institution: YUANHANG.id, seal: (await sealOf('official')).id, commonName: 'x', days: 1 }
    const spki = new Uint8Array(91)
    await expect(node.authority.issue({ ...request, spki })).rejects.toMatchObject({ code: 'KEY_NOT_HERE' })
  })

  it('are renewed between uses: what was taken before is recorded under the old one', async () => {
    const notarizer = await Notarizer.start(node.env)
    try {
      const before = await sealOf('contract')
      const user = YUANHANG.user
      const jobs = await Promise.all(
        [1, 2, 3].map(async () => {
          const request = { institution: YUANHANG.id, user, name: 'a.pdf', bytes: CONTRACT }
          const { id: document } = await notarizer.receive(request)
          return notarizer.request({ institution: YUANHANG.id, user, document, seal: 'contract' })
        }),
      )
      const renewing = renewSeals(
        { ...parts(), drained: (institution, seal, work) => notarizer.drained(institution, seal, work, 30_000) },
        4 * YEAR_MS,
      )
      await expect(renewing).resolves.toHaveLength(6)
      const states = await Promise.all(jobs.map(({ id }) => notarizer.job(YUANHANG.id, id)))
      expect(states.map(({ value }) => value.state)).toEqual(['anchored', 'anchored', 'anchored'])
      const after = await sealOf('contract')
      expect(after.certificate).not.toBe(before.certificate)
      const { id: document } = await notarizer.receive({
        institution: YUANHANG.id,
        user,
        name: 'b.pdf',
        bytes: CONTRACT,
      })
      const { id } = await notarizer.request({ institution: YUANHANG.id, user, document, seal: 'contract' })
      await notarizer.settled(id, 10_000)
      expect((await notarizer.job(YUANHANG.id, id)).value.state).toBe('anchored')
    } finally {
      await notarizer.close()
    }
  }, 60_000)

  it('are revoked in the register and then on the CRL that is served, and again without change', async () => {
    const { certificate } = await sealOf('official')
    await renewSeals({ ...parts(), drained: (_institution, _seal, work) => work() }, 4 * YEAR_MS)
    expect(await crlEntry(certificate)).toBeUndefined()
    const revocation = {
      institution: YUANHANG.id,
      certificate,
      reason: 'superseded',
      invalidityDate: new Date(),
    } as const
    await revokeSealCertificate(parts(), revocation)
    await revokeSealCertificate(parts(), revocation)
    expect((await node.env.ledger.certificate(YUANHANG.id, certificate))?.revocation?.reason).toBe('superseded')
    expect(await crlEntry(certificate)).toBeDefined()
  }, 30_000)

  it('reach the CRL also when only the register was told', async () => {
    const { certificate } = await sealOf('official')
    await renewSeals({ ...parts(), drained: (_institution, _seal, work) => work() }, 4 * YEAR_MS)
    const institution = YUANHANG.id
    const declared = { certificate, reason: 'keyCompromise', invalidityDate: timeOf(new Date()) } as const
    await node.env.ledger.change(
      { institution, role: 'registrar' },
      { change: 'revokeCertificate', institution, ...declared },
    )
    await bringRevocations(parts())
    expect(await crlEntry(certificate)).toBeDefined()
  }, 30_000)

  it('are taken over by a data folder that comes later, and the ledger of a folder cannot be exchanged', async () => {
    const sealCas = (await node.env.ledger.institution(BUREAU.id))?.sealCas
    const other = await open(join(folder, 'b'))
    try {
      const { certificate } = await sealOf('official')
      expect(await other.env.sealKeys.find(YUANHANG.id, certificate)).toBeDefined()
      expect(await node.env.sealKeys.find(YUANHANG.id, certificate)).toBeUndefined()
      expect((await other.env.ledger.institution(BUREAU.id))?.sealCas).toEqual(sealCas)
    } finally {
      await other.close()
    }
    const swapped = readConfig({ CINNABAR_DATA: join(folder, 'b') })
    const log = createLogger('error', systemClock, () => undefined)
    await expect(openNode(swapped, { clock: systemClock, log, publicUrl: 'http://x' })).rejects.toMatchObject({
      code: 'LEDGER_OTHER',
    })
  }, 60_000)
})
