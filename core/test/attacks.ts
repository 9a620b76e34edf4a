import { fromLatin1, latin1 } from '../src/encode/bytes'
import { streamText } from '../src/pdf/testing'
import { numberOf, type Save, SealedFile, save, saveFreeing, withAnnotation, withEntry, withField } from './later-save'
import { replaced } from './verify-cases'

/** Something done to a sealed file: what must be found of the first seal's integrity, else of the file. */
export type Attack = readonly [name: string, found: string, attack: Save]

/** Bytes changed in place. */
const inPlace =
  (from: string | RegExp, to: string): Save =>
  (pdf) =>
    replaced(pdf, from, to)

/** One more save, in which one object has another text. */
const rewriting =
  (number: number | ((file: SealedFile) => number), change: (text: string, file: SealedFile) => string): Save =>
  (pdf) => {
    const file = new SealedFile(pdf)
    const at = typeof number === 'number' ? number : number(file)
    return save(pdf, { [at]: change(file.text(at), file) })
  }

const [CATALOG, TREE, PAGE, CONTENT, FONT, INFO] = [1, 2, 3, 4, 5, 6]
const field = (file: SealedFile) => file.field
const EVIL = streamText('', 'BT /F1 40 Tf 72 400 Td (Pay ten times as much.) Tj ET')
const EVIL_FORM = streamText('/Type /XObject /Subtype /Form /BBox [0 0 170 119]', '1 0 0 rg 0 0 170 119 re f')

const RANGE = /\/ByteRange \[[^\]]*\]/
const CONTENTS = /\/Contents <[0-9a-f]*>/

/** Universal signature forgery: an entry missing, null or of another kind, so that a reader skips the check. */
export const USF: readonly Attack[] = [
  ['without ByteRange', 'failed BYTE_RANGE_INVALID', inPlace('/ByteRange', '/ByteRanje')],
  ['with ByteRange null', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange null')],
  ['with ByteRange 0', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange 0')],
  ['with an empty ByteRange', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange []')],
  ['with a ByteRange of two', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange [0 10]')],
  ['with a ByteRange that begins late', 'failed BYTE_RANGE_INVALID', inPlace(/\/ByteRange \[0/, '/ByteRange [9')],
  ['with a negative ByteRange', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange [0 -9 -9 0]')],
  ['with a ByteRange beyond the file', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange [0 9 20 9999999]')],
  ['with a ByteRange of nothing at last', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange [0 9 20 0]')],
  ['with a ByteRange of names', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange [/a /b /c /d]')],
  ['with a ByteRange of reals', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange [0.0 9 20 9]')],
  ['with ByteRange in another object', 'failed BYTE_RANGE_INVALID', inPlace(RANGE, '/ByteRange 5 0 R')],
  ['with another gap', 'failed BYTE_RANGE_GAP', inPlace(RANGE, '/ByteRange [0 9 20 9]')],
  ['without Contents', 'failed CONTENTS_INVALID', inPlace('/Contents <', '/Contentz <')],
  ['with Contents null', 'failed CONTENTS_INVALID', inPlace(CONTENTS, '/Contents null')],
  ['with empty Contents', 'failed CONTENTS_INVALID', inPlace(CONTENTS, '/Contents <>')],
  ['with Contents in another object', 'failed CONTENTS_INVALID', inPlace(CONTENTS, '/Contents 5 0 R')],
  ['with Contents 0', 'indeterminate DIGEST_UNKNOWN', (pdf) => zeroContents(replaced(pdf, '(Contract)', '(Cantract)'))],
  ['with V null', 'failed SIGNATURE_HIDDEN', inPlace(/\/V \d+ 0 R/, '/V null')],
  ['with V to nowhere', 'failed SIGNATURE_DICTIONARY_INVALID', inPlace(/\/V \d+ 0 R/, '/V 0 0 R')],
  ['with V a number', 'failed SIGNATURE_DICTIONARY_INVALID', inPlace(/\/V \d+ 0 R/, '/V 5')],
  ['with a field of another type', 'failed SIGNATURE_HIDDEN', inPlace('/FT /Sig', '/FT /Tx ')],
  ['with a field outside the form', 'failed SIGNATURE_HIDDEN', inPlace(/\/Fields \[[\d R]*\]/, '/Fields []')],
]

/** The first seal's Contents all zeros. */
function zeroContents(pdf: Uint8Array): Uint8Array {
  const changed = pdf.slice()
  const { contents } = new SealedFile(pdf).fields[0].signature ?? {}
  if (contents === undefined) throw new Error('no Contents')
  return changed.fill(0x30, contents.start + 1, contents.end - 1)
}

const after =
  (text: string): Save =>
  (pdf) =>
    fromLatin1(latin1(pdf) + text)

/** Incremental saving: something after the signature, with and without a table of its own. */
export const ISA: readonly Attack[] = [
  ['with a byte after the end', 'failed TRAILING_BYTES', after(' ')],
  ['with a line after the end', 'failed TRAILING_BYTES', after('% nothing\n')],
  ['with a body and no table', 'failed TRAILING_BYTES', after(`4 0 obj\n${EVIL}\nendobj\n`)],
  ['with a body and a trailer', 'failed TRAILING_BYTES', after(`4 0 obj\n${EVIL}\nendobj\ntrailer\n<</Root 1 0 R>>\n`)],
  ['with a table that begins nowhere', 'failed PDF_DAMAGED', after('startxref\n0\n%%EOF\n')],
  ['with more than a reader looks back at', 'failed PDF_DAMAGED', after(' '.repeat(3000))],
  ['with the first save at its end once more', 'failed REVISION_INVALID', (pdf) => endAgain(pdf)],
  ['cut off inside', 'failed PDF_DAMAGED', (pdf) => pdf.slice(0, pdf.length - 10)],
]

/** A second end mark that names the same table. */
function endAgain(pdf: Uint8Array): Uint8Array {
  const text = latin1(pdf)
  return fromLatin1(text + text.slice(text.lastIndexOf('startxref')))
}

/**
 * Signature wrapping: what was signed stays whole, its second part is moved, and new objects stand between the two, where
 * the old end mark finds a new table.
 */
export const SWA: readonly Attack[] = [
  ['with its second part moved behind new objects', 'failed SIGNATURE_DICTIONARY_INVALID', (pdf) => wrapped(pdf)],
  [
    'with room beside Contents',
    'failed BYTE_RANGE_GAP',
    (pdf) => withGap(pdf, (hex) => `${hex.slice(0, -9)}> /A (b) `),
  ],
  [
    'with Contents a literal string',
    'failed CONTENTS_INVALID',
    (pdf) => withGap(pdf, (hex) => `(${hex.slice(1, -1)})`),
  ],
  [
    'with white space in Contents',
    'failed CONTENTS_INVALID',
    (pdf) => withGap(pdf, (hex) => hex.replace(/00>$/, '  >')),
  ],
  [
    'with half a byte in Contents',
    'failed CONTENTS_INVALID',
    (pdf) => withGap(pdf, (hex) => hex.replace(/00>$/, '0 >')),
  ],
]

function gapOf(pdf: Uint8Array) {
  const { contents } = new SealedFile(pdf).fields[0].signature ?? {}
  if (contents === undefined) throw new Error('no Contents')
  const text = latin1(pdf)
  return {
    before: text.slice(0, contents.start),
    hex: text.slice(contents.start, contents.end),
    rest: text.slice(contents.end),
  }
}

function withGap(pdf: Uint8Array, change: (hex: string) => string): Uint8Array {
  const { before, hex, rest } = gapOf(pdf)
  const gap = change(hex).padEnd(hex.length)
  if (gap.length !== hex.length) throw new Error('the gap has another length')
  return fromLatin1(before + gap + rest)
}

function wrapped(pdf: Uint8Array): Uint8Array {
  const { before, hex, rest } = gapOf(pdf)
  const { document } = new SealedFile(pdf)
  const table = document.revisions[document.revisions.length - 1].startxref
  const start = before.length + hex.length
  // Long enough that the new table begins where the old end mark says.
  const moved = table - start + 4000
  const range = ` /ByteRange [0 ${before.length} ${start + moved} ${rest.length}]>>\nendobj\n`
  const evil = `4 0 obj\n${EVIL}\nendobj\n`
  const at = before.length + hex.length + range.length
  const entries = [...document.entries].flatMap(([number, entry]) =>
    entry.type === 'offset' ? [[number, entry.offset + (entry.offset > start ? moved : 0)] as const] : [],
  )
  const lines = entries.map(
    ([number, offset]) => `${number} 1\n${String(number === CONTENT ? at : offset).padStart(10, '0')} 00000 n \n`,
  )
  const xref = `xref\n${lines.join('')}trailer\n<</Size ${document.size} /Root 1 0 R /Info 6 0 R>>\n`
  const gap = (range + evil).padEnd(table - start) + xref
  return fromLatin1(before + hex + gap.padEnd(moved) + rest)
}

const changed = 'failed CHANGED_AFTER_SEAL'

/** Shadow attacks: content hidden, replaced or shown by a later save (Mainka et al., NDSS 2021). */
export const SHADOW: readonly Attack[] = [
  ['with another page content', changed, (pdf) => save(pdf, { [CONTENT]: EVIL })],
  ['with more content on the page', changed, overlay],
  ['with another font', changed, rewriting(FONT, (text) => text.replace('Helvetica', 'Symbol'))],
  ['with another page size', changed, rewriting(PAGE, (text) => text.replace('595 842', '595 400'))],
  ['with the page turned', changed, rewriting(PAGE, (text) => withEntry(text, '/Rotate 180'))],
  ['with other pages', 'failed PDF_DAMAGED', rewriting(TREE, (text, { next }) => text.replace('3 0 R', `${next} 0 R`))],
  ['with a page more', 'failed PDF_DAMAGED', rewriting(TREE, (text) => text.replace('[3 0 R]', '[3 0 R 3 0 R]'))],
  ['with a page before it', changed, pageBefore],
  ['with another catalog', 'failed TRAILER_CHANGED', anotherCatalog],
  ['with the catalog of other pages', changed, rewriting(CATALOG, (text) => text.replace('2 0 R', '3 0 R'))],
  [
    'with a script that runs when opened',
    changed,
    rewriting(CATALOG, (text) => withEntry(text, '/OpenAction <</S /JavaScript>>')),
  ],
  ['with layers', changed, rewriting(CATALOG, (text) => withEntry(text, '/OCProperties <</OCGs []>>'))],
  [
    'with a form that draws itself',
    changed,
    rewriting(CATALOG, (text) => text.replace('/SigFlags', '/NeedAppearances true/SigFlags')),
  ],
  ['with a page content removed', 'failed OBJECT_REMOVED', (pdf) => saveFreeing(pdf, [CONTENT])],
  ['with its seal removed', 'failed OBJECT_REMOVED', (pdf) => saveFreeing(pdf, [new SealedFile(pdf).appearance])],
]

function pageBefore(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  const tree = file.text(TREE).replace('[3 0 R]', `[${file.next} 0 R 3 0 R]`)
  return save(pdf, { [TREE]: tree, [file.next]: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>' })
}

function overlay(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  const page = file.text(PAGE).replace('4 0 R', `[4 0 R ${file.next} 0 R]`)
  return save(pdf, { [PAGE]: page, [file.next]: EVIL })
}

function anotherCatalog(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  const text = latin1(save(pdf, { [file.next]: file.text(CATALOG) }))
  const at = text.lastIndexOf('/Root 1 0 R')
  return fromLatin1(`${text.slice(0, at)}/Root ${file.next} 0 R${text.slice(at + 11)}`)
}

const annotation = (entries: string): Save => {
  return (pdf) => {
    const file = new SealedFile(pdf)
    const page = withAnnotation(file.text(PAGE), file.next)
    return save(pdf, { [PAGE]: page, [file.next]: `<</Type /Annot /Rect [50 600 400 800] ${entries}>>` })
  }
}

/** Evil annotation: what lies over the text is no part of it (Rohlmann et al., IEEE S&P 2021). */
export const EAA: readonly Attack[] = [
  ['FreeText', '/Subtype /FreeText /Contents (Pay more) /DA (/F1 12 Tf)'],
  ['Stamp', '/Subtype /Stamp /AP <</N 4 0 R>>'],
  ['Redact', '/Subtype /Redact /IC [1 1 1]'],
  ['Square', '/Subtype /Square /IC [1 1 1] /BS <</W 0>>'],
  ['Link', '/Subtype /Link /A <</S /URI /URI (http://example.org)>>'],
  ['Widget', '/Subtype /Widget /FT /Tx /T (A) /V (Pay more)'],
].map(([kind, entries]) => [`with an annotation, ${kind}`, changed, annotation(entries)] as const)

const PLACE = '/Rect [300 600 500 800]'
const ELSEWHERE = `${PLACE} /AP <</N 4 0 R>>`

/** A later field with a signature that is none. */
export const LATER_FIELD: Save = (pdf) => laterField(() => ELSEWHERE)(pdf)

/** A later field, given the numbers of its own object and of its signature. */
function laterField(entries: (file: SealedFile) => string, value = '/Filter /Adobe.PPKLite'): Save {
  return (pdf) => {
    const file = new SealedFile(pdf)
    const [own, signed] = [file.next, file.next + 1]
    const dict = `<</Type /Annot /Subtype /Widget /FT /Sig /T (Later) /V ${signed} 0 R ${entries(file)}>>`
    return save(pdf, {
      [CATALOG]: withField(file.text(CATALOG), own),
      [PAGE]: withAnnotation(file.text(PAGE), own),
      [own]: dict,
      [signed]: `<</Type /Sig ${value}>>`,
    })
  }
}

const TIMESTAMP = '/SubFilter /ETSI.RFC3161'

/** Sneaky signature: a further signature field as a cover. */
export const SSA: readonly Attack[] = [
  [
    'over the seal',
    'failed SEAL_COVERED',
    laterField(({ fields }) => `/Rect [${fields[0].widgets[0].rect?.join(' ')}]`),
  ],
  ['over a corner of the seal', 'failed SEAL_COVERED', laterField(() => '/Rect [0 0 60 160]')],
  ['that nobody signed', changed, unsignedField],
  ['with an action', changed, laterField(() => `${ELSEWHERE} /A <</S /JavaScript>>`)],
  ['with kids', changed, laterField(() => `${ELSEWHERE} /Kids []`)],
  ['that shows in its own size', changed, laterField(() => `${ELSEWHERE} /F 12`)],
  ['of two values', 'failed SIGNATURE_DICTIONARY_INVALID', laterField(() => `${ELSEWHERE} /V 7 0 R`)],
  [
    'signed by the seal itself',
    'failed SIGNATURE_DICTIONARY_INVALID',
    laterField(({ fields }) => `${ELSEWHERE} /V ${numberOf(fields[0].signature?.ref)} 0 R`),
  ],
  ['of text', changed, laterField(() => `${ELSEWHERE} /FT /Tx`)],
  ['for a document timestamp that shows', changed, laterField(() => ELSEWHERE, TIMESTAMP)],
  ['listed twice by its page', changed, listedTwice],
]

function unsignedField(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  return save(pdf, {
    [CATALOG]: withField(file.text(CATALOG), file.next),
    [PAGE]: withAnnotation(file.text(PAGE), file.next),
    [file.next]: `<</Type /Annot /Subtype /Widget /FT /Sig /T (Later) ${ELSEWHERE}>>`,
  })
}

function listedTwice(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  const later = laterField(() => ELSEWHERE)(pdf)
  const page = withAnnotation(withAnnotation(file.text(PAGE), file.next), file.next)
  return save(later, { [PAGE]: page })
}

/** The signed field itself: its picture, its place, its value. */
export const SEAL_SWAP: readonly Attack[] = [
  ['in another place', changed, rewriting(field, (text) => text.replace(/\/Rect \[[^\]]*\]/, PLACE))],
  ['with another appearance', changed, anotherAppearance],
  ['with its appearance redrawn', changed, (pdf) => save(pdf, { [new SealedFile(pdf).appearance]: EVIL_FORM })],
  ['with its picture redrawn', changed, (pdf) => save(pdf, { [pictureOf(new SealedFile(pdf))]: EVIL_FORM })],
  ['hidden', changed, rewriting(field, (text) => text.replace('/F 132', '/F 134'))],
  ['under another name', changed, rewriting(field, (text) => text.replace('(Seal)', '(Soul)'))],
  ['shown by a kid', changed, shownByKid],
  ['taken off its page', changed, rewriting(PAGE, (text) => text.replace(/\/Annots \[[^\]]*\]/, '/Annots []'))],
  [
    'taken out of the form',
    'failed SIGNATURE_HIDDEN',
    rewriting(CATALOG, (text) => text.replace(/\/Fields \[[^\]]*\]/, '/Fields []')),
  ],
  [
    'with its signature dictionary written anew',
    'failed BYTE_RANGE_GAP',
    rewriting(
      ({ fields }) => numberOf(fields[0].signature?.ref),
      (text) => withEntry(text, '/Name (Another)'),
    ),
  ],
]

/** The one signature of a file, gone from its form. */
export const REMOVAL: readonly Attack[] = [
  ['without its signature', 'failed SIGNATURE_HIDDEN', rewriting(field, (text) => text.replace(/\/V \d+ 0 R/, ''))],
]

function pictureOf(file: SealedFile): number {
  return Number(/\/Seal (\d+) 0 R/.exec(file.text(file.appearance))?.[1])
}

function anotherAppearance(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  const text = file.text(file.field).replace(/\/N \d+ 0 R/, `/N ${file.next} 0 R`)
  return save(pdf, { [file.field]: text, [file.next]: EVIL_FORM })
}

function shownByKid(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  const kid = `<</Type /Annot /Subtype /Widget /Parent ${file.field} 0 R ${PLACE} /F 4 /AP <</N ${file.appearance} 0 R>>>>`
  return save(pdf, { [file.field]: withEntry(file.text(file.field), `/Kids [${file.next} 0 R]`), [file.next]: kid })
}

/** What a file says of itself. */
export const METADATA: readonly Attack[] = [
  ['with another title', changed, rewriting(INFO, (text) => text.replace('Contract', 'Pact'))],
  ['with another Info', 'failed TRAILER_CHANGED', (pdf) => save(pdf, { 90: '<</Title (Pact)>>' }, '/Info 90 0 R')],
  ['with XMP metadata', changed, rewriting(CATALOG, (text) => withEntry(text, '/Metadata 4 0 R'))],
  ['with a structure tree', changed, rewriting(CATALOG, (text) => withEntry(text, '/StructTreeRoot 5 0 R'))],
  ['in another language', changed, rewriting(CATALOG, (text) => withEntry(text, '/Lang (en)'))],
]

/** What may follow a seal, and takes nothing from it. */
export const PERMITTED: readonly (readonly [name: string, save: Save])[] = [
  ['validation data', validationData],
  ['more validation data', (pdf) => moreValidationData(validationData(pdf))],
  ['a document timestamp without appearance', laterField(() => '/Rect [0 0 0 0]', TIMESTAMP)],
]

function validationData(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  const { next } = file
  return save(pdf, {
    [CATALOG]: withEntry(file.text(CATALOG), `/DSS ${next} 0 R`),
    [next]: `<</Type /DSS /Certs [${next + 1} 0 R]>>`,
    [next + 1]: streamText('', 'certificate'),
  })
}

function moreValidationData(pdf: Uint8Array): Uint8Array {
  const file = new SealedFile(pdf)
  const dss = Number(/\/DSS (\d+)/.exec(file.text(CATALOG))?.[1])
  return save(pdf, {
    [dss]: `<</Type /DSS /Certs [${dss + 1} 0 R ${file.next} 0 R] /VRI <<>>>>`,
    [file.next]: streamText('', 'another'),
  })
}
