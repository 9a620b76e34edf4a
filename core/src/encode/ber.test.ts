import { derOfBer } from './ber'
import { fromHex, toHex } from './bytes'

const der = (hex: string) => {
  const { der: found, length } = derOfBer(fromHex(hex), 1000)
  return `${toHex(found)} ${length}`
}
const refused = (hex: string) => {
  try {
    return der(hex)
  } catch (refusal) {
    return (refusal as { code: string }).code
  }
}

describe('BER is re-encoded in DER', () => {
  it.each([
    ['30800201050000', '3003020105 7'],
    ['308030800201050000020106 0000'.replaceAll(' ', ''), '30083003020105020106 14'],
    ['2480040201020401030000', '0403010203 11'],
    ['2407040201020401 03'.replaceAll(' ', ''), '0403010203 9'],
    ['3081030201 05'.replaceAll(' ', ''), '3003020105 6'],
    ['020105ffff', '020105 3'],
    ['0204000000ff', '020200ff 6'],
    ['0203ffff80', '020180 5'],
    ['02020000', '020100 4'],
  ])('%s', (ber, expected) => {
    expect(der(ber)).toBe(expected)
  })

  it.each([
    ['a primitive value of indefinite length', '0480010200'],
    ['no end-of-contents', '3080020105'],
    ['an end-of-contents alone', '0000'],
    ['an end-of-contents inside a definite length', '30050201050000'],
    ['a segment that is no octet string', '24030201 05'.replaceAll(' ', '')],
    ['a value longer than its surroundings', '3003020405'],
    ['a long tag', '3f8101'],
    ['nothing', ''],
    ['a cut length', '3084ff'],
  ])('and %s is refused', (_, ber) => {
    expect(refused(ber)).toBe('DER_INVALID')
  })

  it('and deep nesting and long input are refused', () => {
    expect(refused('3080'.repeat(100))).toBe('DER_TOO_DEEP')
    expect(() => derOfBer(new Uint8Array(1001), 1000)).toThrow(expect.objectContaining({ code: 'DER_TOO_LARGE' }))
  })
})
