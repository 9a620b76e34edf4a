import { type LoggedUse, reckon, type StoredUse } from './reckoning'

const logged = (index: number, commitment: string, useNumber: number, seal = 'official'): LoggedUse => ({
  institution: 'Bureau',
  index,
  seal,
  useNumber,
  commitment,
})
const stored = (job: string, commitment: string, index?: number): StoredUse => ({
  institution: 'Bureau',
  job,
  commitment,
  ...(index === undefined ? {} : { index }),
})
const CLEAN = { lost: [], twice: [], unknown: [], misnumbered: [] }

describe('a reckoning', () => {
  it('finds nothing wrong when each acknowledged job stands in the log where its receipt says', () => {
    const uses = [stored('a', 'A', 3), stored('b', 'B', 4)]
    const log = [logged(3, 'A', 1), logged(4, 'B', 2)]
    expect(reckon(['a', 'b'], uses, log)).toEqual({ ...CLEAN, acknowledged: 2, entries: 2 })
  })

  it('lets be what another service recorded before', () => {
    const log = [logged(3, 'X', 1), logged(4, 'A', 2)]
    expect(reckon(['a'], [stored('a', 'A', 4)], log)).toMatchObject(CLEAN)
  })

  it.each([
    ['unknown to the store', []],
    ['without a receipt', [stored('a', 'A')]],
    ['whose receipt names another entry', [stored('a', 'A', 4)]],
    ['whose receipt names no entry', [stored('a', 'A', 9)]],
  ])('calls a job lost that is %s', (_, uses) => {
    expect(reckon(['a'], uses, [logged(3, 'A', 1), logged(4, 'B', 2)]).lost).toEqual(['a'])
  })

  it('finds a use that stands in the log twice', () => {
    expect(reckon(['a'], [stored('a', 'A', 3)], [logged(3, 'A', 1), logged(4, 'A', 2)]).twice).toEqual(['A'])
  })

  it('finds an entry of nobody after its own', () => {
    const log = [logged(3, 'A', 1), logged(4, 'X', 2)]
    expect(reckon(['a'], [stored('a', 'A', 3)], log).unknown).toEqual(['Bureau/4'])
  })

  it('finds use numbers that are skipped or repeated, for each seal by itself', () => {
    const log = [logged(3, 'A', 1), logged(4, 'B', 1, 'contract'), logged(5, 'C', 3), logged(6, 'D', 1, 'contract')]
    expect(reckon([], [], log).misnumbered).toEqual(['Bureau/5', 'Bureau/6'])
  })
})
