import { toBase64, utf8 } from '../src/encode/bytes'
import type { EvidenceDeposit } from '../src/evidence/evidence'
import { readEvidence } from '../src/evidence/read-evidence'
import { writeEvidence } from '../src/evidence/write-evidence'
import { digestOf } from '../src/model/digest'
import type { InstitutionId } from '../src/model/identifiers'
import type { Report } from '../src/model/report'
import { time, timeOf } from '../src/model/time'
import { type DepositChanges, depositOf } from '../src/testing/deposited-evidence'
import { newKey } from '../src/testing/keys'
import { tokenOf } from '../src/testing/pki'
import { JUDGED_AT } from '../src/testing/sealed-evidence'
import { contractPdf, SEALED_AT } from '../src/testing/sealed-sample'
import { type FileRequest, verifyFile } from '../src/verify/verify-file'
import { given } from './verify-cases'

const FILE = utf8('not a PDF: a tender, as it was handed in')

const containerOf = (deposits: readonly EvidenceDeposit[]) =>
  writeEvidence({ created: timeOf(SEALED_AT), signatures: [], deposits })

async function judge(changes: DepositChanges = {}, request: Partial<FileRequest> = {}): Promise<Report> {
  const evidence = [containerOf([await depositOf(given().world, FILE, changes)])]
  return verifyFile({ file: FILE, evidence, trust: given().world.trust, at: JUDGED_AT, ...request })
}

const codesOf = ({ deposits = [] }: Report) =>
  deposits.map(({ checks }) => checks.map(({ check, code }) => `${check} ${code}`))
const verdictOf = ({ outcome, code }: Report) => `${outcome} ${code}`

describe('a deposited file', () => {
  it('passes by three facts, and says who deposited it and when', async () => {
    const report = await judge()
    expect(verdictOf(report)).toBe('passed DEPOSITED')
    expect(codesOf(report)).toEqual([['integrity OK', 'timestamp OK', 'anchor OK']])
    expect(report).toMatchObject({
      signatures: [],
      file: { sha256: digestOf(FILE), bytes: FILE.length },
      deposits: [
        {
          institution: 'JiangzhouBureau',
          institutionKind: 'agency',
          provenTime: timeOf(SEALED_AT),
          recorded: { index: 5, asOfSize: 9, delaySeconds: 2, attestedBy: ['Test node'] },
        },
      ],
    })
  })

  it('is judged likewise when it is a PDF without a seal', async () => {
    const { world } = given()
    const file = contractPdf()
    const evidence = [containerOf([await depositOf(world, file)])]
    expect(verdictOf(await verifyFile({ file, evidence, trust: world.trust, at: JUDGED_AT }))).toBe('passed DEPOSITED')
  })

  it('adds to the seals of a sealed file, which make the verdict', async () => {
    const { world, one } = given()
    const bad = await depositOf(world, one.pdf, { attester: await newKey() })
    const evidence = [...one.evidence, containerOf([bad])]
    const report = await verifyFile({ ...one, file: one.pdf, evidence })
    expect(verdictOf(report)).toBe('passed OK')
    expect(codesOf(report)).toEqual([['integrity OK', 'timestamp OK', 'anchor ATTESTER_NOT_TRUSTED']])
    const others = [...one.evidence, containerOf([await depositOf(world, FILE)])]
    expect((await verifyFile({ ...one, file: one.pdf, evidence: others })).deposits).toBeUndefined()
  })

  it('is found among many deposits, of which the others do not matter', async () => {
    const { world } = given()
    const all = await Promise.all(['a', 'b', 'c'].map((text) => depositOf(world, utf8(text))))
    const evidence = [containerOf([...all, await depositOf(world, FILE)])]
    const report = await verifyFile({ file: FILE, evidence, trust: world.trust, at: JUDGED_AT })
    expect([verdictOf(report), report.deposits?.length]).toEqual(['passed DEPOSITED', 1])
  })

  it('fails with any byte changed', async () => {
    const evidence = [containerOf([await depositOf(given().world, FILE)])]
    for (let at = 0; at < FILE.length; at++) {
      const file = FILE.slice()
      file[at] = (file[at] ?? 0) ^ 1
      const report = await verifyFile({ file, evidence, trust: given().world.trust, at: JUDGED_AT })
      expect(verdictOf(report)).toBe('failed DEPOSIT_MISMATCH')
    }
  })

  it('proves nothing without a trust file, or by one that does not name the attester', async () => {
    expect(verdictOf(await judge({}, { trust: undefined }))).toBe('indeterminate TRUST_MISSING')
    expect(verdictOf(await judge({ attester: await newKey() }))).toBe('indeterminate ATTESTER_NOT_TRUSTED')
  })

  it('is not judged without evidence, or by evidence that holds no deposit', async () => {
    const { world, one } = given()
    for (const evidence of [[], one.evidence]) {
      const report = await verifyFile({ file: FILE, evidence, trust: world.trust, at: JUDGED_AT })
      expect(verdictOf(report)).toBe('indeterminate DEPOSIT_EVIDENCE_MISSING')
    }
  })

  it('proves nothing by evidence that cannot be read', async () => {
    const report = await verifyFile({ file: FILE, evidence: [utf8('x')], trust: given().world.trust, at: JUDGED_AT })
    expect(verdictOf(report)).toBe('indeterminate EVIDENCE_INVALID')
  })

  it("fails with a token over another file, by the depositor's own authority, or recorded with another token", async () => {
    const { world } = given()
    expect(codesOf(await judge({ stamped: utf8('other') }))).toEqual([
      ['integrity OK', 'timestamp TIMESTAMP_IMPRINT_MISMATCH', 'anchor OK'],
    ])
    expect(codesOf(await judge({ tsa: world.bureau.pki.tsa }))).toEqual([
      ['integrity OK', 'timestamp TIMESTAMP_OWN_AUTHORITY', 'anchor OK'],
    ])
    const deposit = await depositOf(world, FILE)
    const token = await tokenOf(world.court.pki.tsa, Buffer.from(digestOf(FILE).slice(7), 'hex'), SEALED_AT)
    const evidence = [containerOf([{ ...deposit, token }])]
    expect(codesOf(await judge({}, { evidence }))).toEqual([
      ['integrity OK', 'timestamp OK', 'anchor OPENING_MISMATCH'],
    ])
    const broken = [containerOf([{ ...deposit, token: utf8('no token') }])]
    expect(verdictOf(await judge({}, { evidence: broken }))).toBe('failed TIMESTAMP_INVALID')
  })

  it('fails with an entry that commits to something else, or is not in the log', async () => {
    const commitment = digestOf(utf8('x'))
    const anchorOf = async (changes: DepositChanges) => codesOf(await judge(changes))[0]?.[2]
    expect(await anchorOf({ entry: (entry) => ({ ...entry, commitment }) })).toBe('anchor COMMITMENT_MISMATCH')
    const tokenTime = time('2026-11-22T03:04:06Z', '')
    expect(await anchorOf({ entry: (entry) => ({ ...entry, tokenTime }) })).toBe('anchor ENTRY_MISMATCH')
    const institution = 'HengyuanTrade' as InstitutionId
    expect(await anchorOf({ opening: (one) => ({ ...one, institution }) })).toBe('anchor ENTRY_MISMATCH')
    expect(await anchorOf({ receipt: (one) => ({ ...one, index: 4 }) })).toBe('anchor INCLUSION_PROOF_INVALID')
    expect(await anchorOf({ statement: (one) => ({ ...one, channel: 'other' }) })).toBe('anchor ATTESTATION_MISMATCH')
    const crls: string[] = []
    const tokens = [toBase64(await tokenOf(given().world.court.pki.tsa, new Uint8Array(32), SEALED_AT))]
    const preserved: DepositChanges = { receipt: (one) => ({ ...one, preservation: { crls, tokens } }) }
    expect(await anchorOf(preserved)).toBe('anchor PRESERVATION_MISMATCH')
  })

  it('is not proven against a log head older than was demanded', async () => {
    expect(verdictOf(await judge({}, { minHead: 9 }))).toBe('passed DEPOSITED')
    expect(verdictOf(await judge({}, { minHead: 10 }))).toBe('indeterminate HEAD_TOO_OLD')
  })

  it('fails where one key told two people two things', async () => {
    const { world } = given()
    const deposit = await depositOf(world, FILE)
    const [receipt] = deposit.receipts
    if (receipt === undefined) throw new RangeError('no receipt')
    const forked = await depositOf(world, FILE)
    const receipts = [receipt, ...forked.receipts.map((one) => ({ ...one, opening: receipt.opening }))]
    const report = await judge({}, { evidence: [containerOf([{ ...deposit, receipts }])] })
    expect(verdictOf(report)).toBe('failed LEDGER_FORK')
  })

  it('never passes by evidence of which a byte was changed, unless it reads the same', async () => {
    const deposit = await depositOf(given().world, FILE)
    const container = containerOf([deposit])
    const before = readEvidence(container)
    let passed = 0
    for (let at = 0; at < container.length; at += 7) {
      const changed = container.slice()
      changed[at] = (changed[at] ?? 0) ^ 0x20
      const report = await verifyFile({ file: FILE, evidence: [changed], trust: given().world.trust, at: JUDGED_AT })
      if (report.outcome !== 'passed') continue
      passed++
      expect(readEvidence(changed)).toEqual(before)
    }
    expect(passed).toBeLessThan(20)
  })
})
