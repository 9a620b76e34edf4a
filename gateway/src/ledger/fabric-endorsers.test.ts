import type { InstitutionId, InstitutionKind } from '@cinnabar/core'
import { endorserPairs } from './fabric-endorsers'

const organisations = (kinds: Readonly<Record<string, InstitutionKind>>) =>
  Object.entries(kinds).map(([id, kind]) => ({ id: id as InstitutionId, kind }))
const pairs = (kinds: Readonly<Record<string, InstitutionKind>>, submitter: string) =>
  endorserPairs(organisations(kinds), submitter as InstitutionId).map((pair) => pair.join('+'))

describe('pairs of endorsers', () => {
  const three = { Bureau: 'agency', Company: 'enterprise', Court: 'court' } as const

  it("are the submitter's own organisation with an independent one first", () => {
    expect(pairs(three, 'Bureau')).toEqual(['Bureau+Court', 'Bureau+Company', 'Company+Court'])
    expect(pairs(three, 'Company')).toEqual(['Bureau+Company', 'Company+Court', 'Bureau+Court'])
  })

  it('never are two enterprises, nor one organisation alone', () => {
    expect(pairs({ Company: 'enterprise', Trader: 'enterprise', Court: 'court' }, 'Company')).not.toContain(
      'Company+Trader',
    )
    expect(pairs({ Company: 'enterprise', Trader: 'enterprise' }, 'Company')).toEqual([])
    expect(pairs({ Court: 'court' }, 'Court')).toEqual([])
  })
})
