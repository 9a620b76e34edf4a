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
    ['江州市審批局'],
    ['江州市\u200b审\u2060批局'],
    ['\u202e江州市审批局\u202c'],
    ['Jιаngzhοu Βureau'],
    ['Jiangzhou Bսreau'],
    ['Ｊiangzhou\u00a0Ｂureau (Official)'],
  ])('%s is found', (name) => {
    expect(namesake(name, trust)).toBeDefined()
  })

  it.each([
    ['江州市审批局东城分局'],
    ['Jiangzhou Bureau, Northern Branch'],
    ['江州县审批局'],
    ['江州市第一审批局'],
    ['江州市第二审批局'],
  ])('%s, which is honestly another, is not', (name) => {
    expect(namesake(name, trust)).toBeUndefined()
  })

  it('tells numbers apart', () => {
    expect(skeletonOf('第一医院')).not.toBe(skeletonOf('第二医院'))
    expect(skeletonOf('第三中学')).not.toBe(skeletonOf('第二中学'))
  })

  it.each([
    ['ロ岸', '口岸'],
    ['⼝岸', '口岸'],
    ['田野公司', '由野公司'],
    ['東方電機', '东方电机'],
    ['己方', '巳方'],
    ['ｆｉｎａｎｃｅ', 'finance'],
  ])('takes %s for %s', (one, other) => {
    expect(skeletonOf(one)).toBe(skeletonOf(other))
  })

  it.each([['Jiangzhou Court'], ['Jiangzhou'], ['江州市人民法院'], [''], ['...']])('%s is not', (name) => {
    expect(namesake(name, trust)).toBeUndefined()
  })

  it('is compared by its looks alone', () => {
    expect(skeletonOf('Éa 0l')).toBe('eaol')
  })
})
