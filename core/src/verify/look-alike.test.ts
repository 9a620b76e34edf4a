import type { Trust } from '../model/trust'
import { namesake, skeletonOf } from './look-alike'

const trust = {
  organisations: [{ names: { en: 'Jiangzhou Bureau', zh: '江州市审批局' } }],
} as unknown as Trust

describe('a name that could be taken for an institution’s', () => {
  it.each([
    ['Jiangzhou Bureau'],
    ['JIANGZHOU  BUREAU.'],
    ['Jiаngzhоu Burеаu'],
    ['Ｊｉａｎｇｚｈｏｕ Bureau'],
    ['Jiangzhou\u200b Bureau'],
    ['J1angzh0u Bureau'],
    ['江洲市审批局'],
    ['江州巿审批局'],
    ['江州市审批局专用章'],
  ])('%s is found', (name) => {
    expect(namesake(name, trust)).toBeDefined()
  })

  it.each([['Jiangzhou Court'], ['Jiangzhou'], ['江州市人民法院'], [''], ['...']])('%s is not', (name) => {
    expect(namesake(name, trust)).toBeUndefined()
  })

  it('is compared by its looks alone', () => {
    expect(skeletonOf('Éa 0l')).toBe('eaol')
  })
})
