import { utf8 } from '@cinnabar/core'
import { readFacts } from './gateway'

const facts = (value: unknown) => readFacts(utf8(JSON.stringify(value)))

describe("the service's facts", () => {
  it('are taken as they are when they are of the right type', () => {
    const institution = { id: 'Court', kind: 'court', names: { en: 'Court', zh: '法院' } }
    const seal = { displayName: '公章', kind: 'official' }
    expect(facts({ institution, seal, useNumber: 3, status: 'anchored', more: 1 })).toMatchObject({
      sealKind: 'official',
      sealName: '公章',
      institution: 'Court',
      institutionKind: 'court',
      institutionNames: { zh: '法院' },
      useNumber: 3,
    })
  })

  it('are left out when they are not', () => {
    const odd = facts({
      seal: { kind: 'toString', displayName: 7 },
      useNumber: '3',
      institution: { names: null },
      status: null,
    })
    expect(Object.values(odd).filter((value) => value !== undefined)).toEqual([])
  })

  it.each(['', '[', '7', 'null'])('are refused when they are %j', (text) => {
    expect(() => readFacts(utf8(text))).toThrow(expect.objectContaining({ code: 'GATEWAY_ANSWER_INVALID' }))
  })
})
