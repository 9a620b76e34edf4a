import { REASONS, reasonFor } from './reasons'

describe('the reasons', () => {
  it('name each code once, and are sentences of their own in both languages', () => {
    const all = Object.values(REASONS)
    const codes = all.flatMap((reason): readonly string[] => reason.codes)
    expect(new Set(codes).size).toBe(codes.length)
    for (const language of ['zh', 'en'] as const) {
      const sentences = all.map((reason) => reason[language])
      expect(new Set(sentences).size).toBe(all.length)
      expect(sentences.filter((one) => !(language === 'zh' ? /。$/ : /\.$/).test(one))).toEqual([])
    }
  })

  it('speak of no page, since command line and court report say them, too', () => {
    const text = JSON.stringify(REASONS)
    expect(text).not.toMatch(/网页|您|page that|Your /)
  })

  it('have nothing to say of a code that they do not know', () => {
    expect(reasonFor({ code: 'CODE_OF_TOMORROW' })).toBeUndefined()
    expect(reasonFor({ code: 'SEAL_SUSPENDED' })).not.toEqual(reasonFor({ code: 'SEAL_RETIRED' }))
  })
})
