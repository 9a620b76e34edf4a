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
    ['evidence', `PK\x03\x04${'\0'.repeat(26)}evidence.json{}`],
    ['evidence', `PK\x03\x04${'\0'.repeat(26)}a${'\0'.repeat(80)}evidence.jsonPK\x01\x02`],
    ['other', `PK\x03\x04${'\0'.repeat(26)}[Content_Types].xml`],
    ['trust', ' \n{"type":"cinnabar.trust.v1"}'],
    ['other', '{"type":1}'],
    ['other', 'hello'],
    ['other', 'PK\x01\x02'],
    ['empty', ''],
  ])('is %s by its content, whatever its name', (kind, text) => {
    expect(kindOf(utf8(text))).toBe(kind)
  })
})

describe('files chosen in one go', () => {
  it('are told apart by content', () => {
    const evidence = `PK\x03\x04${'\0'.repeat(26)}evidence.json`
    const files = [file('a.json', '%PDF-1.7'), file('b.pdf', evidence), { name: 't.txt', bytes: sampleTrust() }]
    const sorted = sortFiles(files)
    expect(sorted).toMatchObject({ document: { name: 'a.json' }, evidence: [{ name: 'b.pdf' }], problems: [] })
    expect(sorted.trust).toMatchObject({ fileName: 't.txt', trust: { channel: 'cinnabar' } })
  })

  it('have a PDF for their document before a file of another kind, which may be one, too', () => {
    expect(sortFiles([file('a.txt', 'x'), file('b', '%PDF-1')])).toMatchObject({ document: { name: 'b' } })
    expect(sortFiles([file('a.docx', 'PK\x03\x04')])).toMatchObject({ document: { name: 'a.docx' }, problems: [] })
  })

  it('are reported when they are empty, no trust file, or a second document', () => {
    const broken = '{"type":"cinnabar.trust.v1"}'
    const files = [file('1', '%PDF-1'), file('2', '%PDF-1'), file('3', ''), file('5', broken)]
    expect(sortFiles(files).problems).toEqual([
      { code: 'emptyFile', name: '3' },
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
