import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  digestOf,
  type InstitutionId,
  type LedgerError,
  parseCertificate,
  peerWordOf,
  type SealId,
  timeOf,
  toBase64,
  toHex,
} from '@cinnabar/core'
import { type Cast, foundCast, newSealChange, newSealUse, sealEntry } from '@cinnabar/core/testing'
import { registeredCertificate } from '../../src/authority/seal-certificate'
import { systemClock } from '../../src/clock'
import { readConfig } from '../../src/config'
import { createLogger } from '../../src/log'
import { type Node, openNode } from '../../src/node'
import { networkFolder, openRealLedger, realCast, realConnection, realTrust } from './real-network'

/** What a connection profile holds, as far as it names files. */
interface Profile {
  readonly institutions: readonly { readonly mspId: string; readonly kind: string; readonly peers: readonly object[] }[]
}

const log = createLogger('error', systemClock, () => undefined)

describe('an institution that joins a network of others', () => {
  let folder: string
  let cast: Cast
  let own: InstitutionId
  let settings: Readonly<Record<string, string>>
  let node: Node
  beforeAll(async () => {
    cast = await realCast()
    own = cast.enterprise.institution
    const network = openRealLedger()
    await foundCast(network, cast)
    await network.close()
    folder = mkdtempSync(join(tmpdir(), 'cinnabar-joining-'))
    writeFileSync(join(folder, 'kek'), toHex(randomBytes(32)), { mode: 0o600 })
    settings = {
      CINNABAR_LEDGER: 'fabric',
      CINNABAR_DATA: join(folder, 'data'),
      CINNABAR_FABRIC_CONNECTION: profileOf(folder, own),
      CINNABAR_DEMO: 'off',
      CINNABAR_KEK_FILE: join(folder, 'kek'),
    }
    node = await open(settings)
  }, 60_000)
  afterAll(async () => {
    await node.close()
    rmSync(folder, { recursive: true })
  })

  const open = (env: Readonly<Record<string, string>>) =>
    openNode(readConfig(env), { clock: systemClock, log, publicUrl: 'https://seals.example.org' })

  it('has its own keys and no path into the folders of the network or of other institutions', () => {
    const profile = readFileSync(settings.CINNABAR_FABRIC_CONNECTION, 'utf8')
    expect(profile).not.toContain(networkFolder)
    const { institutions } = JSON.parse(profile)
    expect(institutions.map((one: object) => 'clients' in one)).toEqual([true, false, false])
  })

  it('registers a seal under its own CA and records a use that peers of all organisations attest', async () => {
    const { ledger } = node.env
    const registrar = { institution: own, role: 'registrar' } as const
    await registerSealCa(node, own)
    const id = `joined-${toHex(randomBytes(8))}` as SealId
    const wanted = { institution: own, seal: id, commonName: '合同专用章', until: new Date() }
    const certificate = await registeredCertificate({ ...node.env, keys: node.keys, authority: node.authority }, wanted)
    const { notBefore, notAfter } = parseCertificate(certificate)
    const signer = (await node.env.sealKeys.find(own, digestOf(certificate)))?.signer
    if (signer === undefined) throw new TypeError('the key is not in the keeper')
    const holder = {
      certificate,
      digest: digestOf(certificate),
      key: { signer, spki: signer.spki, pkcs8: Uint8Array.of() },
    }
    const change = newSealChange(own, holder)
    const seal = { ...change.seal, id, notBefore: timeOf(notBefore), notAfter: timeOf(notAfter) }
    await ledger.change(registrar, { ...change, seal })
    const registered = (await ledger.seal(own, id))?.seal
    if (registered === undefined) throw new TypeError('the seal is not there')
    const at = new Date()
    const use = await newSealUse({ institution: own, seal: id, holder, tsa: cast.court.tsa, at })
    const { size } = await ledger.head(own)
    const head = await ledger.append(
      { institution: own, role: 'sealer' },
      own,
      size,
      [sealEntry(use, registered, 1)],
      [use],
    )
    expect(head.size).toBe(size + 1)
    const attestations = await ledger.attest({ institution: own, size: head.size, seal: id })
    const words = await Promise.all(
      attestations.map((one) => (one.kind === 'fabric' ? peerWordOf(one, realTrust(), new Date()) : undefined)),
    )
    expect(words.map((word) => word?.organisation).sort()).toEqual(
      realConnection()
        .organisations.map(({ id }) => id)
        .sort(),
    )
    expect(words.map((word) => word?.statement.root)).toEqual(words.map(() => head.root))
  }, 60_000)

  it("reads others' logs and can change none of them", async () => {
    const { institution } = cast.agency
    expect((await node.env.ledger.head(institution)).size).toBeGreaterThan(0)
    const change = { change: 'suspendSeal', institution, seal: 'official' as SealId } as const
    for (const caller of [
      { institution, role: 'registrar' } as const,
      { institution: own, role: 'registrar' } as const,
    ]) {
      const code: LedgerError['code'] = caller.institution === own ? 'CALLER_NOT_PERMITTED' : 'LEDGER_NO_IDENTITY'
      await expect(node.env.ledger.change(caller, change)).rejects.toMatchObject({ code })
    }
  })

  it('is never taken for a demonstration, which would found institutions of its own', async () => {
    const elsewhere = { ...settings, CINNABAR_DATA: join(folder, 'other'), CINNABAR_DEMO: 'on' }
    await expect(open(elsewhere)).rejects.toMatchObject({ code: 'DEMO_NETWORK_UNFIT' })
  })
})

async function registerSealCa(node: Node, institution: InstitutionId): Promise<void> {
  const ca = await node.authority.find(institution)
  if (ca === undefined) throw new TypeError('the profile names no seal CA')
  if ((await node.env.ledger.institution(institution))?.sealCas.includes(digestOf(ca.certificate))) return
  const certificate = toBase64(ca.certificate)
  const registrar = { institution, role: 'registrar' } as const
  await node.env.ledger.change(registrar, { change: 'registerSealCa', institution, certificate })
}

/**
 * The profile as docs/joining.md tells an institution to write it: its own files, copied, and of the others no more than who
 * they are. Only its own peer is named; that one knows the others'.
 * @returns its path.
 */
function profileOf(folder: string, own: InstitutionId): string {
  const files = join(folder, 'files')
  mkdirSync(files)
  const text = readFileSync(join(networkFolder, 'connection.json'), 'utf8')
  const network: Profile = JSON.parse(text)
  const mine = network.institutions.find(({ mspId }) => mspId === own)
  const copied = JSON.stringify(mine).replaceAll(/"(\/[^"]+)"/g, (_, path: string) => {
    const copy = join(files, `${toHex(randomBytes(4))}-${path.split('/').at(-1)}`)
    cpSync(path, copy)
    return JSON.stringify(copy)
  })
  const others = network.institutions.filter(({ mspId }) => mspId !== own).map(({ mspId, kind }) => ({ mspId, kind }))
  const profile = { ...network, demonstration: false, institutions: [JSON.parse(copied), ...others] }
  const path = join(folder, 'connection.json')
  writeFileSync(path, JSON.stringify(profile))
  return path
}
