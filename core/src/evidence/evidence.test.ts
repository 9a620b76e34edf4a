import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { equal, fromLatin1, utf8 } from '../encode/bytes'
import { digestOf } from '../model/digest'
import { EvidenceFormat, type EvidenceIndex } from '../model/evidence'
import type { SealSignatureId } from '../model/identifiers'
import { type Receipt, ReceiptFormat } from '../model/receipt'
import type { Time } from '../model/time'
import { TrustFormat } from '../model/trust'
import { type Evidence, mergeEvidence } from './evidence'
import { readEvidence } from './read-evidence'
import { writeEvidence } from './write-evidence'
import { MAX_EVIDENCE_BYTES, readZip } from './zip-read'
import { type Member, writeZip } from './zip-write'

const FORMAT = readFileSync(join(__dirname, '../../FORMAT.md'), 'utf8')
const sample = (type: string) =>
  utf8(
    (FORMAT.match(/^\{.*\}$/gm) ?? []).find(
      (line) =>
        (line.includes(`"type":"${type}"`) && line.endsWith(`"type":"${type}"}`)) ||
        line.includes(`"type":"${type}","version"`),
    ) ?? '',
  )
const receipt = ReceiptFormat.parse(sample('cinnabar.receipt.v1'))
const trust = TrustFormat.parse(sample('cinnabar.trust.v1'))
const id = receipt.opening.id
const der = fromLatin1('0 certificate')
const other = 'ffffffffffffffffffffffffffffffff' as SealSignatureId
const another: Receipt = { ...receipt, opening: { ...receipt.opening, id: other } as Receipt['opening'] }

const contents = {
  created: '2026-11-22T03:05:00Z' as Time,
  signatures: [{ id, receipts: [receipt], certificates: [der], crls: [fromLatin1('0 crl')] }],
  trust,
  document: fromLatin1('%PDF-1.7'),
}

function outcome(zip: Uint8Array): Evidence | string {
  try {
    return readEvidence(zip)
  } catch (error) {
    return (error as { code: string }).code
  }
}

function rewritten(change: (members: Member[]) => readonly Member[]): Uint8Array {
  return writeZip(change([...readZip(writeEvidence(contents))]))
}

function withIndex(change: (index: EvidenceIndex) => EvidenceIndex, add: readonly Member[] = []): Uint8Array {
  return rewritten(([first, ...rest]) => [
    { path: first.path, bytes: EvidenceFormat.encode(change(EvidenceFormat.parse(first.bytes))) },
    ...rest,
    ...add,
  ])
}

describe('evidence', () => {
  it('is read as it was written, and written again gives the same bytes', () => {
    const zip = writeEvidence(contents)
    const read = readEvidence(zip)
    expect(read).toEqual({ ...contents, deposits: [], others: [], claims: expect.any(Array) })
    expect(equal(writeEvidence(read), zip)).toBe(true)
  })

  it("reads the container that FORMAT.md's samples make up", () => {
    const index = { path: 'evidence.json', bytes: sample('cinnabar.evidence.v1') }
    const zip = writeZip([index, { path: `receipts/${id}.json`, bytes: sample('cinnabar.receipt.v1') }])
    expect(readEvidence(zip).signatures).toEqual([{ id, receipts: [receipt], certificates: [], crls: [] }])
  })

  it('keeps what two signatures share once, in an order that does not depend on the caller', () => {
    const second = { id: other, receipts: [another], certificates: [der], crls: [] }
    const a = writeEvidence({ ...contents, signatures: [contents.signatures[0], second] })
    const b = writeEvidence({ ...contents, signatures: [second, contents.signatures[0]] })
    expect(equal(a, b)).toBe(true)
    expect(readZip(a).filter(({ path }) => path.startsWith('certificates/'))).toHaveLength(1)
  })

  it('refuses every single flipped byte, except in the three fields of the directory that name the writing system', () => {
    const zip = writeEvidence(contents)
    const free = freeBytes(zip)
    for (let at = 0; at < zip.length; at++) {
      const flipped = zip.slice()
      flipped[at] ^= 1
      const result = outcome(flipped)
      if (free.has(at)) expect(result).toEqual(outcome(zip))
      else expect([at, typeof result]).toEqual([at, 'string'])
    }
  })

  it('refuses bytes before, between, after, and a file cut anywhere', () => {
    const zip = writeEvidence(contents)
    const around = [[...zip, 0], [0, ...zip], zip.subarray(0, zip.length - 1), zip.subarray(1), []]
    for (const bytes of around) expect(outcome(Uint8Array.from(bytes))).toBe('EVIDENCE_DAMAGED')
    for (let length = 0; length < zip.length; length += 97) {
      expect(outcome(zip.subarray(0, length))).toBe('EVIDENCE_DAMAGED')
    }
  })

  it('refuses two members of one name, even where only case differs', () => {
    expect(outcome(rewritten((all) => [...all, all[1]]))).toBe('EVIDENCE_DAMAGED')
    const loud = (all: Member[]) => [...all, { ...all[1], path: all[1].path.toUpperCase() }]
    expect(outcome(rewritten(loud))).toBe('EVIDENCE_DAMAGED')
  })

  it('refuses a member that is not listed, one that is missing and one that is another file', () => {
    const stray = { path: 'notes.txt', bytes: utf8('see me') }
    expect(outcome(rewritten((all) => [...all, stray]))).toBe('EVIDENCE_NOT_LISTED')
    expect(outcome(rewritten((all) => all.slice(0, -1)))).toBe('EVIDENCE_MEMBER_MISSING')
    const swapped = (all: Member[]) => [...all.slice(0, -1), { ...all[all.length - 1], bytes: utf8('x') }]
    expect(outcome(rewritten(swapped))).toBe('EVIDENCE_DIGEST_MISMATCH')
  })

  it('refuses a path that leaves the folder it is unpacked in', () => {
    for (const path of ['../up.json', '/etc/passwd', 'a\\b', 'receipts/']) {
      expect(outcome(rewritten((all) => [...all, { path, bytes: utf8('x') }]))).toBe('EVIDENCE_INVALID')
    }
  })

  it('refuses an index that is not first, not canonical, or says one thing twice', () => {
    expect(outcome(rewritten((all) => all.reverse()))).toBe('EVIDENCE_INVALID')
    expect(outcome(rewritten(([first, ...rest]) => [{ ...first, bytes: utf8('{}') }, ...rest]))).toBe(
      'EVIDENCE_INVALID',
    )
    const twice = withIndex((index) => ({ ...index, signatures: [...index.signatures, ...index.signatures] }))
    expect(outcome(twice)).toBe('EVIDENCE_INVALID')
    expect(outcome(withIndex((index) => ({ ...index, files: [...index.files, index.files[0]] })))).toBe(
      'EVIDENCE_INVALID',
    )
  })

  it('refuses a receipt of another signature, and a listed file that belongs to nothing', () => {
    expect(
      outcome(writeEvidence({ ...contents, signatures: [{ ...contents.signatures[0], receipts: [another] }] })),
    ).toBe('EVIDENCE_INVALID')
    expect(outcome(withIndex((index) => ({ ...index, signatures: [] })))).toBe('EVIDENCE_INVALID')
  })

  it('keeps a role that it does not know, apart from what it relies on', () => {
    const bytes = utf8('a block')
    const add = { path: 'ledger/block.bin', bytes }
    const file = { digest: digestOf(bytes), path: add.path, role: 'ledger' as const }
    const read = readEvidence(withIndex((index) => ({ ...index, files: [...index.files, file] }), [add]))
    expect(read.others).toEqual([{ ...add, role: 'ledger' }])
  })

  it('loses no part that it does not know when containers are merged and written, also where two have one path', () => {
    const part = (text: string) => ({ path: 'future/a.bin', role: 'future' as never, bytes: fromLatin1(text) })
    const [first, second] = ['one', 'two'].map((text) =>
      readEvidence(writeEvidence({ ...contents, others: [part(text)] })),
    )
    const { others } = readEvidence(writeEvidence(mergeEvidence([first, second, first])))
    const renamed = `future/a.bin.${digestOf(fromLatin1('two')).slice(7, 23)}`
    expect(others.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['future/a.bin', fromLatin1('one')],
      [renamed, fromLatin1('two')],
    ])
    expect(readEvidence(writeEvidence(mergeEvidence([second, second]))).others).toEqual([part('two')])
  })

  it('refuses what is too large before reading it', () => {
    expect(outcome(new Uint8Array(MAX_EVIDENCE_BYTES + 1))).toBe('EVIDENCE_TOO_LARGE')
    expect(() => writeEvidence({ ...contents, document: new Uint8Array(MAX_EVIDENCE_BYTES) })).toThrow(
      expect.objectContaining({ code: 'EVIDENCE_TOO_LARGE' }),
    )
  })

  it('does not write a record that is none', () => {
    const wrong = { ...receipt, size: 0 } as Receipt
    expect(() =>
      writeEvidence({ ...contents, signatures: [{ ...contents.signatures[0], receipts: [wrong] }] }),
    ).toThrow(expect.objectContaining({ code: 'EVIDENCE_INVALID' }))
  })

  it('merges containers: each signature once, with all of its different receipts', () => {
    const later = { ...receipt, size: 7 }
    const first = readEvidence(writeEvidence(contents))
    const signatures = [{ ...contents.signatures[0], receipts: [receipt, later] }]
    const second = { ...first, created: '2026-11-23T00:00:00Z' as Time, signatures }
    const merged = mergeEvidence([first, second])
    expect(merged).toEqual(second)
    expect(readEvidence(writeEvidence(merged))).toEqual({ ...second, claims: expect.any(Array) })
    expect(mergeEvidence([first])).toEqual(first)
  })
})

/** APPNOTE 4.3.12: version made by, internal and external attributes: they stand in the directory only. */
function freeBytes(zip: Uint8Array): Set<number> {
  const free = new Set<number>()
  const view = new DataView(zip.buffer)
  let at = view.getUint32(zip.length - 6, true)
  while (view.getUint32(at, true) === 0x02014b50) {
    for (const byte of [4, 5, 36, 37, 38, 39, 40, 41]) free.add(at + byte)
    at += 46 + view.getUint16(at + 28, true)
  }
  return free
}
