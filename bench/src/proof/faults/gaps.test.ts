import { longestGap, sampleOf } from './gaps'

describe('the longest gap', () => {
  it('is the longest stretch between two confirmations, in whatever order they were noted', () => {
    expect(longestGap([10, 50, 20, 90], { from: 0, to: 100 })).toBe(40)
  })

  it('counts from the fault to the first confirmation, and from the last one to the end', () => {
    expect(longestGap([70, 80], { from: 0, to: 100 })).toBe(70)
    expect(longestGap([10], { from: 0, to: 100 })).toBe(90)
  })

  it('is the whole span when nothing was confirmed in it, whatever was outside', () => {
    expect(longestGap([-5, 120], { from: 0, to: 100 })).toBe(100)
  })
})

describe('a sample', () => {
  it('is the same for a seed, another for another, and without repeats', () => {
    const all = Array.from({ length: 100 }, (_, i) => i)
    expect(sampleOf(all, 10, 7)).toEqual(sampleOf(all, 10, 7))
    expect(sampleOf(all, 10, 7)).not.toEqual(sampleOf(all, 10, 8))
    expect(new Set(sampleOf(all, 100, 7)).size).toBe(100)
  })

  it('is all there is when less is there', () => {
    expect(sampleOf([1, 2], 5, 1)).toHaveLength(2)
  })
})
