import { Findings } from './findings'

describe('what an audit notes', () => {
  it('is kept of every code, however many there are of another, and all is counted', () => {
    const findings = new Findings()
    for (let index = 0; index < 5000; index++) findings.note('USE_NOT_IN_STORE', { index })
    findings.note('ENTRY_DIFFERS', { index: 7 })
    expect(findings.count).toBe(5001)
    expect(findings.differences).toHaveLength(1001)
    expect(findings.differences.at(-1)).toEqual({ code: 'ENTRY_DIFFERS', where: { index: 7 } })
  })
})
