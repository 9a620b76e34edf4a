import { refusal } from '../../test/pki'
import { concat, fromHex, toHex } from './bytes'
import { type DerError, type DerNode, derLength, isSetOfOrdered, readDer } from './der'
import { fieldsOf, onlyChild } from './der-fields'
import { readGeneralizedTime, readX509Time } from './der-time'
import {
  asciiText,
  integerValue,
  readBitStringBytes,
  readBoolean,
  readCount,
  readInteger,
  readNamedBits,
  readOctets,
  readOid,
  readUtf8,
} from './der-values'
import {
  boolean,
  context,
  enumerated,
  generalizedTime,
  ia5String,
  integer,
  namedBits,
  nullValue,
  octetString,
  oid,
  printableString,
  sequence,
  setOf,
  tlv,
  utf8String,
  x509Time,
} from './der-write'

const hex = (text: string) => fromHex(text.replace(/ /g, ''))
const read = (text: string) => readDer(hex(text))

describe('the DER reader', () => {
  it('reads nested values as views of the input', () => {
    const bytes = hex('30 06 02 01 05 a0 01 00'.replace('a0 01 00', '80 01 00'))
    const node = readDer(bytes)
    expect(node.children.map(({ tag }) => tag)).toEqual([0x02, 0x80])
    expect(node.children[0].der.buffer).toBe(bytes.buffer)
  })

  it.each([
    ['nothing', ''],
    ['a lone tag', '30'],
    ['an indefinite length', '30 80 00 00'],
    ['a length in more bytes than needed', '04 81 01 00'],
    ['a length with a leading zero', `04 82 00 80 ${'00'.repeat(128)}`],
    ['a length of five bytes', '04 85 01 00 00 00 00'],
    ['the reserved length FF', '04 ff'],
    ['a value cut short', '04 02 00'],
    ['a length of 4 GiB', '04 84 ff ff ff ff 00'],
    ['bytes behind the value', '05 00 00'],
    ['a child longer than its parent', '30 03 04 02 00 00'],
    ['a tag number above 30', '1f 81 00 00'],
    ['a multi-byte tag inside', '30 04 bf 81 00 00'],
    ['end-of-contents', '00 00'],
    ['end-of-contents inside', '30 02 00 00'],
    ['a constructed OCTET STRING', '24 03 04 01 00'],
    ['a primitive SEQUENCE', '10 00'],
    ['a primitive SET', '11 00'],
    ['a BOOLEAN of 01', '01 01 01'],
    ['a BOOLEAN of two bytes', '01 02 ff ff'],
    ['an empty BOOLEAN', '01 00'],
    ['an empty INTEGER', '02 00'],
    ['an INTEGER with a leading zero', '02 02 00 7f'],
    ['an INTEGER with a leading FF', '02 02 ff 80'],
    ['an ENUMERATED with a leading zero', '0a 02 00 01'],
    ['a NULL with content', '05 01 00'],
    ['an empty OBJECT IDENTIFIER', '06 00'],
    ['an OBJECT IDENTIFIER cut short', '06 02 2a 86'],
    ['an OBJECT IDENTIFIER arc with a leading zero', '06 03 2a 80 01'],
    ['an OBJECT IDENTIFIER beginning with a leading zero', '06 02 80 01'],
    ['an empty BIT STRING', '03 00'],
    ['a BIT STRING with 8 unused bits', '03 02 08 00'],
    ['a BIT STRING without bits but with unused ones', '03 01 01'],
    ['a BIT STRING with an unused bit set', '03 02 01 01'],
  ])('refuses %s', async (_, text) => {
    expect((await refusal(() => read(text))).code).toBe('DER_INVALID')
  })

  it('refuses 33 levels and takes 32', async () => {
    const nested = (levels: number) => {
      let value = nullValue()
      for (let i = 1; i < levels; i++) value = sequence(value)
      return value
    }
    expect(readDer(nested(32)).tag).toBe(0x30)
    expect((await refusal(() => readDer(nested(33)))).code).toBe('DER_TOO_DEEP')
  })

  it('refuses a larger input than it is told to read', async () => {
    expect((await refusal(() => readDer(octetString(new Uint8Array(99)), { maxBytes: 100 }))).code).toBe(
      'DER_TOO_LARGE',
    )
    expect((await refusal(() => readDer(octetString(new Uint8Array(1 << 20))))).code).toBe('DER_TOO_LARGE')
    expect(readDer(octetString(new Uint8Array(98)), { maxBytes: 100 }).content).toHaveLength(98)
  })

  it('ends in a value or a DerError for every damaged byte of a certificate-like tree', () => {
    const bytes = sequence(
      context(0, integer(2)),
      setOf(oid('2.5.4.3'), utf8String('印')),
      boolean(true),
      octetString(bytesOf(200)),
      namedBits([0, 5]),
      x509Time(new Date('2030-01-01T00:00:00Z')),
    )
    for (let i = 0; i < bytes.length; i++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = bytes.slice()
        damaged[i] ^= flip
        try {
          readDer(damaged)
        } catch (error) {
          expect((error as DerError).code).toBe('DER_INVALID')
        }
      }
    }
  })

  it('writes what it read', () => {
    const rewrite = (node: DerNode): Uint8Array =>
      (node.tag & 0x20) === 0 ? tlv(node.tag, node.content) : tlv(node.tag, ...node.children.map(rewrite))
    const bytes = sequence(
      context(0, integer(2)),
      octetString(bytesOf(70000)),
      sequence(),
      setOf(integer(1), integer(2)),
    )
    expect(rewrite(readDer(bytes))).toEqual(bytes)
  })
})

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => i & 0xff)

describe('derLength', () => {
  it('tells where zero padding begins', () => {
    const cms = sequence(octetString(bytesOf(300)))
    expect(derLength(concat(cms, new Uint8Array(50)))).toBe(cms.length)
  })

  it.each(['', '30', '30 80 00 00', '30 05 00', '30 81 05 00'])('refuses %s', async (text) => {
    expect((await refusal(() => derLength(hex(text)))).code).toBe('DER_INVALID')
  })
})

describe('fields of a SEQUENCE', () => {
  it('are taken in order, optional ones by their tag', () => {
    const fields = fieldsOf(readDer(sequence(integer(1), boolean(true))))
    expect(fields.optional(0x01)).toBeUndefined()
    expect(readCount(fields.take(), 9)).toBe(1)
    expect(fields.optional(0x01)).toBeDefined()
    fields.end()
  })

  it('refuse a missing, a wrong and a superfluous component', async () => {
    const one = () => fieldsOf(readDer(sequence(integer(1))))
    expect((await refusal(() => one().end())).code).toBe('DER_INVALID')
    expect((await refusal(() => one().take(0x04))).code).toBe('DER_INVALID')
    expect((await refusal(() => fieldsOf(readDer(sequence())).take())).code).toBe('DER_INVALID')
    expect((await refusal(() => fieldsOf(readDer(setOf())))).code).toBe('DER_INVALID')
    expect((await refusal(() => onlyChild(readDer(context(0))))).code).toBe('DER_INVALID')
  })
})

describe('INTEGER', () => {
  it.each([
    [0n, '02 01 00'],
    [127n, '02 01 7f'],
    [128n, '02 02 00 80'],
    [256n, '02 02 01 00'],
    [-1n, '02 01 ff'],
    [-128n, '02 01 80'],
    [-129n, '02 02 ff 7f'],
    [2n ** 64n, '02 09 01 00 00 00 00 00 00 00 00'],
  ])('%s is written and read in the fewest bytes', (value, text) => {
    expect(toHex(integer(value))).toBe(text.replace(/ /g, ''))
    expect(readInteger(read(text))).toBe(value)
  })

  it('takes bytes as an unsigned number', () => {
    expect(toHex(integer(hex('00 00 80')))).toBe('02020080')
    expect(toHex(integer(hex('00')))).toBe('020100')
    expect(toHex(integer(new Uint8Array()))).toBe('020100')
  })

  it('is refused as a count when negative, too large or something else', async () => {
    for (const node of [integer(-1), integer(11), integer(2n ** 70n), enumerated(1)]) {
      expect((await refusal(() => readCount(readDer(node), 10))).code).toBe('DER_INVALID')
    }
    expect((await refusal(() => integerValue(new Uint8Array()))).code).toBe('DER_INVALID')
  })
})

describe('OBJECT IDENTIFIER', () => {
  it.each(['0.9.2342.19200300.100.1.1', '1.2.840.113549.1.7.2', '2.5.4.3', '2.999.3', '2.100.3', '1.39', '0.0'])(
    '%s is read as written',
    (text) => {
      expect(readOid(readDer(oid(text)))).toBe(text)
    },
  )

  it('has arcs of a UUID, as ITU-T X.667 makes them', () => {
    const text = `2.25.${BigInt('0x6f1c2a4e93b74d58a1e0c17ab5a25ea1')}`
    expect(readOid(readDer(oid(text)))).toBe(text)
    expect(readOid(readDer(oid(`2.25.${2n ** 128n - 1n}`)))).toBe(`2.25.${2n ** 128n - 1n}`)
  })

  it.each(['', '1', '3.1', '1.40', '1.02', '1.2.', 'a.b', '-1.2'])('refuses to write %p', async (text) => {
    expect((await refusal(() => oid(text))).code).toBe('DER_INVALID')
  })

  it('refuses one of more than 64 bytes', async () => {
    expect((await refusal(() => readOid(readDer(tlv(0x06, new Uint8Array(65).fill(1)))))).code).toBe('DER_INVALID')
  })
})

describe('times', () => {
  const generalized = (text: string) => readGeneralizedTime(readDer(tlv(0x18, new TextEncoder().encode(text))))
  const utc = (text: string) => readX509Time(readDer(tlv(0x17, new TextEncoder().encode(text))))

  it('keep exactly the digits of a fraction', () => {
    expect(generalized('20261122030405.0123456Z')).toEqual({
      date: new Date('2026-11-22T03:04:05.012Z'),
      text: '2026-11-22T03:04:05.0123456Z',
    })
    expect(generalized('20240229235959Z').text).toBe('2024-02-29T23:59:59Z')
    expect(generalized('20240229235959.5Z').date).toEqual(new Date('2024-02-29T23:59:59.500Z'))
  })

  it.each([
    '2026112203040Z',
    '202611220304Z',
    '20261122030405',
    '20261122030405+0000',
    '20261122030405.Z',
    '20261122030405.10Z',
    '20261122030405.0Z',
    '20261122030405,5Z',
    '20260230000000Z',
    '20261322030405Z',
    '20261122240000Z',
    '20261122036005Z',
    '20261122030460Z',
    '00260230000000Z',
    '20261122030405.1234567890123456789Z',
  ])('refuse the GeneralizedTime %s', async (text) => {
    expect((await refusal(() => generalized(text))).code).toBe('DER_INVALID')
  })

  it.each(['2611220304Z', '261122030405', '261122030405+0000', '261322030405Z', '261122030405.5Z', ''])(
    'refuse the UTCTime %s',
    async (text) => {
      expect((await refusal(() => utc(text))).code).toBe('DER_INVALID')
    },
  )

  it('of certificates change form in 2050 and centuries at 50', async () => {
    expect(utc('491231235959Z')).toEqual(new Date('2049-12-31T23:59:59Z'))
    expect(utc('500101000000Z')).toEqual(new Date('1950-01-01T00:00:00Z'))
    expect(x509Time(new Date('2049-12-31T23:59:59.9Z'))[0]).toBe(0x17)
    expect(x509Time(new Date('2050-01-01T00:00:00Z'))[0]).toBe(0x18)
    expect(readX509Time(readDer(x509Time(new Date('2050-01-01T00:00:00Z'))))).toEqual(new Date('2050-01-01T00:00:00Z'))
    const fraction = readDer(generalizedTime(new Date('2050-01-01T00:00:00.5Z')))
    expect((await refusal(() => readX509Time(fraction))).code).toBe('DER_INVALID')
  })

  it('are written with milliseconds only where there are any', async () => {
    const written = (text: string) => new TextDecoder().decode(generalizedTime(new Date(text)).subarray(2))
    expect(written('2026-11-22T03:04:05.120Z')).toBe('20261122030405.12Z')
    expect(written('2026-11-22T03:04:05.000Z')).toBe('20261122030405Z')
    expect((await refusal(() => generalizedTime(new Date(Number.NaN)))).code).toBe('DER_INVALID')
    expect((await refusal(() => generalizedTime(new Date(Date.UTC(10000, 0))))).code).toBe('DER_INVALID')
  })
})

describe('texts, bits and sets', () => {
  it('named bits have no trailing zeros', () => {
    expect(toHex(namedBits([0, 1]))).toBe('030206c0')
    expect(toHex(namedBits([]))).toBe('030100')
    expect(toHex(namedBits([8]))).toBe('0303070080')
    expect(readNamedBits(readDer(namedBits([0, 5, 8])))).toEqual([0, 5, 8])
  })

  it('a SET OF is written in DER order, and another order is noticed', () => {
    const set = setOf(integer(300), integer(2), integer(1))
    expect(toHex(set)).toBe('310a02010102010202 02012c'.replace(' ', ''))
    expect(isSetOfOrdered(readDer(set))).toBe(true)
    expect(isSetOfOrdered(read('31 06 02 01 02 02 01 01'))).toBe(false)
  })

  it.each<[string, () => unknown]>([
    ['a UTF8String of other bytes', () => readUtf8(read('0c 01 ff'))],
    ['a UTF8String that is none', () => readUtf8(read('13 01 41'))],
    ['a PrintableString with @', () => printableString('a@b')],
    ['an IA5String with a Chinese character', () => ia5String('印')],
    ['ASCII above 7F', () => asciiText(Uint8Array.of(0x80))],
    ['a BIT STRING of 7 bits as bytes', () => readBitStringBytes(read('03 02 01 02'))],
    ['a BIT STRING of 80 bits as named bits', () => readNamedBits(readDer(tlv(3, new Uint8Array(11))))],
    ['a BOOLEAN that is none', () => readBoolean(read('02 01 00'))],
    ['an OCTET STRING that is none', () => readOctets(read('05 00'))],
  ])('refuses %s', async (_, act) => {
    expect((await refusal(act)).code).toBe('DER_INVALID')
  })
})
