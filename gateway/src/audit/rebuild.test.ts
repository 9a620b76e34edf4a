import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Difference,
  type DifferenceCode,
  fromBase64,
  type InstitutionId,
  type Ledger,
  type LedgerTransaction,
  RebuiltLedger,
  StatementFormat,
  utf8,
} from '@cinnabar/core'
import { type Cast, foundCast, newKey, newPki, registerSeal, sealEntry, sealer, useOf } from '@cinnabar/core/testing'
import { chainOrigin } from '../ledger/block'
import { parseBlock } from '../ledger/chain'
import { openEmbeddedLedger } from '../ledger/embedded'
import { LedgerFile } from '../ledger/ledger-file'

const CHANNEL = 'cinnabar'
const NOW = new Date('2026-11-22T03:04:05Z')

let folder: string
let cast: Cast
let transactions: readonly LedgerTransaction[]
let statements: readonly Uint8Array[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-rebuild-'))
  const [agency, enterprise, court] = await Promise.all(
    (['JiangzhouBureau', 'HengyuanTrade', 'JiangzhouCourt'] as InstitutionId[]).map(newPki),
  )
  cast = { agency, enterprise, court }
  const { signer } = await newKey()
  const ledger = await openEmbeddedLedger({ folder, channel: CHANNEL, signer, clock: { now: () => NOW } })
  await foundCast(ledger, cast)
  const held = await registerSeal(ledger, cast.agency)
  for (const number of [1, 2]) {
    const use = await useOf(held, cast.court, NOW)
    const { size } = await ledger.head(cast.agency.institution)
    const entry = sealEntry(use, held.seal, number)
    await ledger.append(sealer(cast.agency), cast.agency.institution, size, [entry], [use])
  }
  statements = await statementsOf(ledger)
  await ledger.close()
  transactions = transactionsIn(folder)
})
afterAll(() => rm(folder, { recursive: true }))

async function statementsOf(ledger: Ledger): Promise<readonly Uint8Array[]> {
  const institution = cast.agency.institution
  const { size } = await ledger.head(institution)
  const [{ seal }] = await ledger.seals(institution)
  const attested = await ledger.attest({ institution, size, seal: seal.id })
  return attested.map((one) => (one.kind === 'node' ? StatementFormat.encode(one.statement) : utf8('')))
}

function transactionsIn(at: string): readonly LedgerTransaction[] {
  const file = LedgerFile.open(at, CHANNEL, chainOrigin(CHANNEL))
  try {
    return Array.from({ length: file.head().blocks }, (_, number) => {
      const block = parseBlock(file.block(number)?.bytes ?? utf8(''), number)
      const writes = block.writes.map(({ key, value }) => ({ key, value: fromBase64(value) }))
      return { block: number, id: block.transaction, function: block.function, arguments: block.arguments, writes }
    })
  } finally {
    file.close()
  }
}

function rebuilt(from: readonly LedgerTransaction[]) {
  const differences: Difference[] = []
  const ledger = new RebuiltLedger((code, where) => differences.push({ code, where }))
  for (const transaction of from) ledger.take(transaction)
  return { ledger, codes: [...new Set(differences.map(({ code }) => code))] }
}

/** Also of what is no text; it is only changed. */
const text = (value: Uint8Array | undefined) => Buffer.from(value ?? utf8('')).toString()

/** The chain with one transaction otherwise: the last one that writes such a key. */
function changed(key: string, change: (one: LedgerTransaction) => LedgerTransaction): readonly LedgerTransaction[] {
  const at = transactions.map(({ writes }) => writes.some((write) => write.key.startsWith(key))).lastIndexOf(true)
  return transactions.map((one, i) => (i === at ? change(one) : one))
}

function withValue(key: string, change: (value: string) => string): readonly LedgerTransaction[] {
  return changed(key, (one) => ({
    ...one,
    writes: one.writes.map((write) =>
      write.key.startsWith(key) ? { ...write, value: utf8(change(text(write.value))) } : write,
    ),
  }))
}

const otherDigit = (value: string) => value.replace(/[0-9a-f](?="}?]?[,}])/, (digit) => (digit === '0' ? '1' : '0'))

describe('a ledger that is rebuilt from its blocks', () => {
  it('has the logs, registers and statements that the ledger has', () => {
    const { ledger, codes } = rebuilt(transactions)
    expect(codes).toEqual([])
    const { institution } = cast.agency
    const log = ledger.log(institution)
    const seal = log?.entry(log.size - 1)
    expect(seal).toMatchObject({ kind: 'sealSignature', useNumber: 2 })
    const statement = ledger.statement(institution, CHANNEL, seal?.kind === 'sealSignature' ? { seal: seal.seal } : {})
    expect(statement && StatementFormat.encode(statement)).toEqual(statements[0])
    expect(log?.appendAt(log.size)?.from).toBe(log && log.size - 1)
    expect(log?.blockOf(0)).toBe(0)
    expect(ledger.register.unjudged).toEqual([])
  })

  it('knows no statement of what is not registered', () => {
    const { ledger } = rebuilt(transactions)
    expect(ledger.statement(cast.agency.institution, CHANNEL, { seal: 'none' as never })).toBeUndefined()
    expect(ledger.statement('Nobody' as never, CHANNEL)).toBeUndefined()
  })
})

const CASES: readonly (readonly [string, DifferenceCode, () => readonly LedgerTransaction[]])[] = [
  ['an entry otherwise than its leaf', 'ENTRIES_NOT_LEAVES', () => otherEntry()],
  [
    'a root that the entries do not give',
    'ROOT_DIFFERS',
    () => withValue('append/', (v) => v.replace(/("root":"sha256:)(.)/, (_, a, b) => a + (b === '0' ? '1' : '0'))),
  ],
  ['an append left out', 'APPEND_NOT_NEXT', () => transactions.filter((_, i) => i !== transactions.length - 2)],
  ['an append twice', 'APPEND_NOT_NEXT', () => [...transactions, transactions[transactions.length - 1]]],
  ['another compact range', 'RECORD_DIFFERS', () => withValue('log/', () => 'x')],
  ['a register record that its log does not name', 'RECORD_DIFFERS', () => withValue('seal/', otherName)],
  ['a kept version that is not the record', 'RECORD_DIFFERS', () => withValue('seal-at/', otherName)],
  ['a certificate that is not that of its digest', 'RECORD_DIFFERS', () => withValue('der/', (v) => `${v}x`)],
  ['the key of another certificate', 'RECORD_DIFFERS', () => withValue('seal-key/', () => 'sha256:00')],
  ['a replay key of an entry elsewhere', 'RECORD_DIFFERS', () => withValue('use/', () => 'Nobody/0')],
  ['another count of uses', 'RECORD_DIFFERS', () => withValue('uses/', () => '7')],
  ['an append that cannot be read', 'TRANSACTION_UNREADABLE', () => withValue('append/', (v) => `${v} `)],
  [
    'an append of arguments that cannot be read',
    'TRANSACTION_UNREADABLE',
    () => changed('use/', (one) => ({ ...one, arguments: ['x'] })),
  ],
  ['a key deleted', 'RECORD_REWRITTEN', () => withWrite({ key: 'seal/x/y' })],
  ['a version written again', 'RECORD_REWRITTEN', () => rewritten()],
  ['a log written without an append', 'WRITE_UNEXPECTED', () => withWrite({ key: 'log/Nobody', value: utf8('x') })],
  ['writes without an append', 'WRITE_UNEXPECTED', () => [...transactions, withoutAppend(transactions[0])]],
]

function otherEntry() {
  return changed('use/', (one) => ({ ...one, arguments: one.arguments.map((argument) => otherDigit(argument)) }))
}

function otherName(value: string): string {
  return value.replace(/"displayName":"[^"]*"/, '"displayName":"x"')
}

function withoutAppend(one: LedgerTransaction): LedgerTransaction {
  return { ...one, writes: one.writes.filter(({ key }) => !key.startsWith('append/')) }
}

function withWrite(write: { readonly key: string; readonly value?: Uint8Array }) {
  return changed('use/', (one) => ({ ...one, writes: [...one.writes, write] }))
}

function rewritten() {
  const found = transactions.flatMap(({ writes }) => writes).find(({ key }) => key.startsWith('seal-at/'))
  return withWrite(found ?? { key: '' })
}

describe('rebuilding finds', () => {
  it.each(CASES)('%s: %s', (_, code, make) => {
    expect(rebuilt(make()).codes).toContain(code)
  })

  it('a use numbered anew', () => {
    const forged = changed('use/', (one) => ({
      ...one,
      arguments: one.arguments.map((argument) => argument.replace('"useNumber":2', '"useNumber":3')),
    }))
    expect(rebuilt(forged).codes).toEqual(expect.arrayContaining(['ENTRIES_NOT_LEAVES', 'USE_NUMBER_DIFFERS']))
  })

  it('nothing in a query that somebody had ordered', () => {
    expect(rebuilt([...transactions, { ...transactions[0], function: 'head', writes: [] }]).codes).toEqual([])
  })

  it('keys of a kind that it does not know, and says so', () => {
    const { ledger, codes } = rebuilt(withWrite({ key: 'quota/x', value: utf8('1') }))
    expect(codes).toEqual([])
    expect(ledger.register.unjudged).toEqual(['quota'])
  })
})
