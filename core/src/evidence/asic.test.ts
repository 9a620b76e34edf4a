import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { equal, fromLatin1, fromUtf8, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { ClaimsFormat } from '../model/claims'
import { ReceiptFormat } from '../model/receipt'
import type { Time } from '../model/time'
import { tokenOf } from '../testing/pki'
import { SEALED_AT } from '../testing/sealed-sample'
import { newWorld, type World } from '../testing/sealed-world'
import { ASIC_MIME_TYPE, ASIC_PLACES } from './asic'
import { documentIn } from './document-in'
import { readEvidence } from './read-evidence'
import { prepareEvidence, writeEvidence } from './write-evidence'
import { readZip } from './zip-read'
import { type Member, writeZip } from './zip-write'

const FORMAT = readFileSync(join(__dirname, '../../FORMAT.md'), 'utf8')
const sample = (type: string) =>
  utf8((FORMAT.match(/^\{.*\}$/gm) ?? []).find((line) => line.endsWith(`"type":"${type}"}`)) ?? '')
const receipt = ReceiptFormat.parse(sample('cinnabar.receipt.v1'))
const id = receipt.opening.id
const contents = {
  created: '2026-11-22T03:05:00Z' as Time,
  signatures: [{ id, receipts: [receipt], certificates: [fromLatin1('0 certificate')], crls: [] }],
  document: fromLatin1('%PDF-1.7'),
}

let world: World
let container: Uint8Array
const stamp = (imprint: Uint8Array) => tokenOf(world.court.pki.tsa, imprint, SEALED_AT)
beforeAll(async () => {
  world = await newWorld()
  const prepared = prepareEvidence(contents)
  container = prepared.close(await stamp(sha256(prepared.manifest)))
})

function code(zip: Uint8Array): string {
  try {
    readEvidence(zip)
    return 'OK'
  } catch (error) {
    return (error as { code: string }).code
  }
}

const changed = (change: (members: Member[]) => readonly Member[]) => writeZip(change([...readZip(container)]))

describe('evidence as ASiC-E', () => {
  it('begins with its stored media type at byte 38, as EN 319 162-1 A.1 has it', () => {
    const head = fromUtf8(container.subarray(30, 38 + ASIC_MIME_TYPE.length))
    expect(head).toBe(`mimetype${ASIC_MIME_TYPE}`)
  })

  it('holds the same evidence as the plain container, and its time assertion', () => {
    const { assertion, ...rest } = readEvidence(container)
    expect(rest).toEqual(readEvidence(writeEvidence(contents)))
    expect(equal(assertion?.token.imprint.digest ?? new Uint8Array(0), sha256(assertion?.manifest ?? container))).toBe(
      true,
    )
    expect(documentIn(container)).toEqual(contents.document)
  })

  it('names for each fact members that are there', () => {
    const { claims } = readEvidence(container)
    expect(claims.map(({ claim }) => claim)).toEqual([
      'integrity',
      'signature',
      'certificate',
      'timestamp',
      'seal',
      'anchor',
    ])
    const paths = readZip(container).map(({ path }) => path)
    for (const { proof } of claims) expect(paths).toEqual(expect.arrayContaining([...proof]))
    expect(claims.find(({ claim }) => claim === 'integrity')).toMatchObject({ needs: [] })
  })

  it('keeps and reports what others added to META-INF', () => {
    const added = { path: 'META-INF/ASiCManifest002.xml', bytes: utf8('<x/>') }
    expect(readEvidence(changed((all) => [...all, added])).others).toEqual([{ ...added, role: 'asic' }])
  })

  it('refuses a manifest that is not of these members, a token over something else, and what is no token', async () => {
    const put = (path: string, bytes: Uint8Array) =>
      changed((all) => all.map((one) => (one.path === path ? { path, bytes } : one)))
    expect(code(put(ASIC_PLACES.manifest, utf8('<x/>')))).toBe('EVIDENCE_INVALID')
    expect(code(put(ASIC_PLACES.token, await stamp(sha256(utf8('other')))))).toBe('EVIDENCE_INVALID')
    expect(code(put(ASIC_PLACES.token, utf8('none')))).toBe('EVIDENCE_INVALID')
  })

  it('refuses half of an ASiC-E', () => {
    const without = (path: string) => changed((all) => all.filter((one) => one.path !== path))
    for (const path of [ASIC_PLACES.mimetype, ASIC_PLACES.manifest, ASIC_PLACES.token]) {
      expect(code(without(path))).toBe('EVIDENCE_INVALID')
    }
    const [first, ...rest] = readZip(container)
    expect(code(writeZip([...rest, first]))).toBe('EVIDENCE_INVALID')
    expect(code(writeZip([{ path: first.path, bytes: utf8('application/zip') }, ...rest]))).toBe('EVIDENCE_INVALID')
    expect(code(changed((all) => [...all, { path: 'meta-inf/x', bytes: utf8('x') }]))).toBe('EVIDENCE_INVALID')
  })

  it('refuses a claim by a member that is not there', () => {
    const bytes = ClaimsFormat.encode({
      claims: [{ claim: 'anchor', needs: [], of: id, proof: ['absent.json'] }],
      type: 'cinnabar.claims.v1',
    })
    const plain = writeEvidence({ ...contents, others: [{ path: 'claims.json', role: 'claims' as never, bytes }] })
    expect(code(plain)).toBe('OK')
    const claims = ClaimsFormat.parse(sample('cinnabar.claims.v1'))
    expect(claims.claims[0]).toMatchObject({ claim: 'anchor', of: id })
  })
})
