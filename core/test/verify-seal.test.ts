import { utf8 } from '../src/encode/bytes'
import { digestOf } from '../src/model/digest'
import { drawSealPicture } from '../src/seal/picture'
import { oneSeal, type Sample } from '../src/testing/sealed-evidence'
import { BOX_GLYPHS } from '../src/testing/sealed-world'

import { at, type Case, EARLIER, given, judges, LATER, receipt, replaced, sample } from './verify-cases'

const SEAL: readonly Case[] = [
  [
    'a seal retired before the use',
    { seal: 'failed SEAL_RETIRED' },
    receipt({ present: { status: 'retired', since: EARLIER } }),
  ],
  [
    'a seal retired at the very time of the use',
    { seal: 'failed SEAL_RETIRED' },
    receipt({ inForce: { status: 'retired', since: at('2026-11-22T03:04:05Z') } }),
  ],
  ['a seal retired since, which counts', {}, receipt({ present: { status: 'retired', since: LATER } })],
  [
    'a seal suspended at the time of the use',
    { seal: 'failed SEAL_SUSPENDED' },
    receipt({ present: { suspensions: [{ from: EARLIER, to: LATER }] } }),
  ],
  [
    'a seal suspended until further notice',
    { seal: 'failed SEAL_SUSPENDED' },
    receipt({ inForce: { status: 'suspended', suspensions: [{ from: EARLIER }] } }),
  ],
  ['a seal suspended since, which counts', {}, receipt({ present: { suspensions: [{ from: LATER }] } })],
  ['a seal that had expired', { seal: 'failed SEAL_EXPIRED' }, receipt({ inForce: { notAfter: EARLIER } })],
  ['a seal that was not valid yet', { seal: 'failed SEAL_EXPIRED' }, receipt({ present: { notBefore: LATER } })],
  [
    "a seal record that is not the entry's",
    { seal: 'failed SEAL_MISMATCH' },
    receipt({ entry: (entry) => ({ ...entry, sealRecord: digestOf(utf8('other')) }) }),
  ],
  [
    'a seal record of another certificate',
    { seal: 'failed SEAL_MISMATCH' },
    receipt({ inForce: { certificate: digestOf(utf8('other')) } }),
  ],
  [
    "an attested record of another institution's seal",
    { seal: 'failed SEAL_MISMATCH' },
    receipt({ present: { institution: 'HengyuanTrade' as Sample['sealed'][0]['party']['id'] } }),
  ],
]

const otherPicture = () => drawSealPicture({ kind: 'official', institutionName: '别的机构' }, BOX_GLYPHS)
const PICTURE = { seal: 'failed SEAL_PICTURE_MISMATCH' }
const PLACE = { seal: 'failed SEAL_PLACE_MISMATCH' }
const swapped = (from: string | RegExp, to: string) =>
  sample({ seal: { beforeSigning: (pdf) => replaced(pdf, from, to) } })

const SHOWN: readonly Case[] = [
  [
    'another picture than the registered one',
    PICTURE,
    () => oneSeal(given().world, { seal: { picture: otherPicture() } }),
  ],
  [
    'more than seal and QR code in what is drawn',
    PICTURE,
    sample({ seal: { appearance: (drawn) => ({ ...drawn, content: utf8('/Seal Do /QR Do /Seal Do\n') }) } }),
  ],
  ['a third form', PICTURE, swapped('/Resources <</XObject <</Seal', '/Resources <</XObject <</Sael')],
  [
    'a picture with resources',
    PICTURE,
    swapped(/\/FormType 1(.BBox [^\]]*\])\/Resources <<>>/, '$1/Resources <</A 1>>'),
  ],
  [
    'the QR code of another address',
    PICTURE,
    sample({ seal: { qrText: (text) => text.replace('127.0.0.1', '127.0.0.2') } }),
  ],
  ['a QR code and contact of another use', PICTURE, sample({ seal: { qrText: otherId, contact: otherId } })],
  ['a contact that no QR code can hold', PICTURE, sample({ seal: { contact: (text) => `${'x'.repeat(200)}${text}` } })],
  ['a hidden widget', PLACE, swapped('/F 132', '/F 134')],
  ['a widget that is not printed', PLACE, swapped('/F 132', '/F 128')],
  ['a widget that does not grow with its page', PLACE, swapped('/F 132', '/F 140')],
  ['a seal in another size', PLACE, sample({ seal: { rect: ([a, b, c, d]) => [a, b, c + 5, d] } })],
  ['a seal off its page', PLACE, sample({ seal: { rect: ([a, b, c, d]) => [a + 500, b, c + 500, d] } })],
  ['a seal that no page lists', PLACE, swapped(/\/Annots \[\d+ 0 R\]/, '/Annots []')],
  ['an appearance with another state', PICTURE, swapped(/\/AP <<\/N (\d+) 0 R>>/, '/AP <</D 9 0 R>>')],
  ['an appearance that cannot be decoded', PICTURE, swapped('/FormType 1', '/Filter /Zz')],
  ['an entry of the field that hides it in a layer', PLACE, swapped('/Type /Annot', '/OC 5 0 R   ')],
  [
    'a page without a size',
    PICTURE,
    () =>
      oneSeal(given().world, {
        seal: { beforeSigning: (pdf) => replaced(pdf, '/MediaBox [0 0 595 842]', '/MediaBux [0 0 595 842]') },
      }),
  ],
]

function otherId(text: string): string {
  return text.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
}

judges("the seal's record", SEAL)
judges("the seal's picture and place", SHOWN)
