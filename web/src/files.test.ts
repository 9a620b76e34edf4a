import { utf8 } from '@cinnabar/core'
import { printable } from './dom'
import { kindOf } from './files'
import { sortFiles } from './sort-files'
import { sampleTrust } from './testing/sample-trust'

const file = (name: string, text: string) => ({ name, bytes: utf8(text) })

describe('a chosen file', () => {
  it.each([
    ['pdf', '%PDF-1.7\n'],
    ['pdf', 'mail header\n%PDF-1.4\n'],
    ['evidence', 'PK\x03\x04'],
    ['trust', ' \n{"type":1}'],
    ['unknown', 'hello'],
    ['unknown', 'PK\x01\x02'],
    ['empty', ''],
  ])('is %s by its content, whatever its name', (kind, text) => {
    expect(kindOf(utf8(text))).toBe(kind)
  })
})

describe('files chosen in one go', () => {
  it('are told apart by content', () => {
    const files = [file('a.json', '%PDF-1.7'), file('b.pdf', 'PK\x03\x04'), { name: 't.txt', bytes: sampleTrust() }]
    const sorted = sortFiles(files)
    expect(sorted).toMatchObject({ document: { name: 'a.json' }, evidence: [{ name: 'b.pdf' }], problems: [] })
    expect(sorted.trust).toMatchObject({ fileName: 't.txt', trust: { channel: 'cinnabar' } })
  })

  it('are reported when they are empty, foreign, no trust file, or a second document', () => {
    const files = [file('1', '%PDF-1'), file('2', '%PDF-1'), file('3', ''), file('4', 'x'), file('5', '{}')]
    expect(sortFiles(files).problems).toEqual([
      { code: 'emptyFile', name: '3' },
      { code: 'unknownFile', name: '4' },
      { code: 'twoDocuments' },
      { code: 'badTrust', name: '5' },
    ])
  })
})

describe('a name from outside', () => {
  it('cannot turn the text around it, hide characters, or fill the page', () => {
    expect(printable('a\u202egnp.pdf\u0000')).toBe('a\ufffdgnp.pdf\ufffd')
    expect(printable('x'.repeat(1000))).toHaveLength(301)
  })
})
