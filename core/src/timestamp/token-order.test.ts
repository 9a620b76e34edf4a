import type { InstitutionId } from '../model/identifiers'
import { type HandmadeToken, handmadeToken } from '../testing/handmade-token'
import { type Holder, newPki } from '../testing/pki'
import { parseToken } from './token'
import { orderOf, type TokenOrder } from './token-order'

const imprint = new Uint8Array(32).fill(1)
const from = (ms: number) => new Date(Date.UTC(2026, 10, 22, 3, 4, 5) + ms)

let one: Holder
let other: Holder
beforeAll(async () => {
  one = (await newPki('CityNotary' as InstitutionId)).tsa
  other = (await newPki('HarbourCourt' as InstitutionId)).tsa
})

type Said = Omit<HandmadeToken, 'imprint' | 'at'>
const SECOND: Said = { accuracy: [1, 0, 0] }
const ORDERED: Said = { ...SECOND, ordering: true }
const made = async (by: () => Holder, ms: number, said: Said) =>
  parseToken(await handmadeToken(by(), { imprint, at: from(ms), ...said }))
const ours = () => one
const theirs = () => other

describe('the order of two tokens (RFC 3161 2.4.2)', () => {
  const cases: readonly [string, Said, () => Holder, Said, number, TokenOrder][] = [
    ['one authority that sets ordering, 1 ms apart', ORDERED, ours, ORDERED, 1, 'before'],
    ['one authority that sets ordering, the same time', ORDERED, ours, ORDERED, 0, 'unknown'],
    ['one authority that sets ordering in one token only', ORDERED, ours, SECOND, 1, 'unknown'],
    ['two authorities that set ordering, 1 ms apart', ORDERED, theirs, ORDERED, 1, 'unknown'],
    ['two authorities, just the sum of their accuracies apart', SECOND, theirs, SECOND, 2000, 'unknown'],
    ['two authorities, more than the sum of their accuracies apart', SECOND, theirs, SECOND, 2002, 'before'],
    ['microseconds of accuracy, rounded up', { accuracy: [0, 1, 1] }, ours, { accuracy: [0, 0, 1] }, 4, 'unknown'],
    [
      'microseconds of accuracy, rounded up, and more',
      { accuracy: [0, 1, 1] },
      ours,
      { accuracy: [0, 0, 1] },
      5,
      'before',
    ],
    ['tokens that say nothing of accuracy, 2 s apart', {}, ours, {}, 2000, 'unknown'],
    ['tokens that say nothing of accuracy, more than that apart', {}, ours, {}, 2002, 'before'],
  ]
  it.each(cases)('%s', async (_, first, by, second, apart, expected) => {
    const a = await made(ours, 0, first)
    const b = await made(by, apart, second)
    expect(orderOf(a, b)).toBe(expected)
    expect(orderOf(b, a)).toBe(expected === 'before' ? 'after' : expected)
  })
})

it('a token says whether it sets ordering, and no unless it does', async () => {
  expect(await made(ours, 0, { ordering: true })).toMatchObject({ ordering: true })
  expect(await made(ours, 0, { ordering: false })).toMatchObject({ ordering: false })
  expect(await made(ours, 0, {})).toMatchObject({ ordering: false })
})
