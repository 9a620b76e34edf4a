import { CHECKS, type CheckName, type Report } from '../src/model/report'
import { time } from '../src/model/time'
import { oneSeal, type Sample, type SampleChanges, twoSeals } from '../src/testing/sealed-evidence'
import { newWorld, type World } from '../src/testing/sealed-world'
import { type VerifyRequest, verify } from '../src/verify/verify'

/** A consortium, a file with one seal and a file with two, made afresh for each test file. */
export interface Given {
  readonly world: World
  readonly one: Sample
  readonly two: Sample
}

let made: Given | undefined
beforeAll(async () => {
  const world = await newWorld()
  made = { world, one: await oneSeal(world), two: await twoSeals(world) }
})

/** What every test starts from; only inside tests. */
export function given(): Given {
  if (made === undefined) throw new Error('only inside tests')
  return made
}

/** One thing wrong, what must be found, and nothing else found. */
export type Case = readonly [name: string, faults: Faults, request: () => VerifyRequest | Promise<VerifyRequest>]

/** A case's file: one seal with these changes. */
export const sample = (changes: SampleChanges) => () => oneSeal(given().world, changes)
/** A case's file: one seal with these changes of its receipt. */
export const receipt = (changes: SampleChanges['receipt']) => sample({ receipt: changes })

/** Runs each case. */
export function judges(what: string, cases: readonly Case[]): void {
  describe(`verify judges ${what}:`, () => {
    it.each(cases)('%s', async (_, faults, request) => {
      expect(await lastFaults(await request())).toEqual(faults)
    })
  })
}

/** What each check found, as `outcome CODE`; checks that passed are left out. */
export type Faults = Partial<Record<CheckName, string>>

/** The faults of one signature; every check must have been judged, in the flow's order. */
export function faultsOf({ checks }: Report['signatures'][number]): Faults {
  expect(checks.map(({ check }) => check)).toEqual([...CHECKS])
  const faults: Faults = {}
  for (const { check, outcome, code } of checks) {
    expect(outcome === 'passed').toBe(code === 'OK')
    if (outcome !== 'passed') faults[check] = `${outcome} ${code}`
  }
  return faults
}

/** The faults of the file's last signature: the first ones, if any, must hold. */
export async function lastFaults(request: VerifyRequest): Promise<Faults> {
  const { signatures } = await verify(request)
  for (const earlier of signatures.slice(0, -1)) expect(faultsOf(earlier)).toEqual({})
  const last = signatures.at(-1)
  if (last === undefined) throw new Error('the file has no signature')
  return faultsOf(last)
}

/** The file with one text in place of another of the same length, somewhere once. */
export function replaced(bytes: Uint8Array, from: string | RegExp, by: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const found = typeof from === 'string' ? from : (from.exec(text)?.[0] ?? '')
  const at = text.lastIndexOf(found)
  if (found === '' || at < 0) throw new Error(`${from} is not there`)
  const to = found.replace(from, by)
  if (to.length > found.length) throw new Error(`${to} is longer than ${found}`)
  const changed = text.slice(0, at) + to.padEnd(found.length) + text.slice(at + found.length)
  return new Uint8Array(Buffer.from(changed, 'latin1'))
}

/** Checks that can only be judged once the time is proven. */
export const UNTIMED: Faults = { seal: 'indeterminate TIME_UNPROVEN' }
/** Checks that rest on the anchor. */
export const UNANCHORED: Faults = {
  certificate: 'indeterminate REVOCATION_UNKNOWN',
  seal: 'indeterminate SEAL_NOT_ATTESTED',
}

/** A time as records have it. */
export const at = (text: string) => time(text, '')
/** A second before and after the samples' token. */
export const EARLIER = at('2026-11-22T03:04:04Z')
export const LATER = at('2026-11-22T03:04:06Z')
