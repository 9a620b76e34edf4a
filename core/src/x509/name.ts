import { latin1, toHex } from '../encode/bytes'
import { type Der, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf } from '../encode/der-fields'
import { readOid, readUtf8 } from '../encode/der-values'
import { oid, printableString, sequence, setOf, utf8String } from '../encode/der-write'
import { readOnce } from '../encode/read-once'

/** RFC 4514 3, and the ones that seal certificates carry besides. */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
])

const TYPES = { C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const

/** One relative distinguished name with one attribute. */
export interface NameAttribute {
  readonly type: keyof typeof TYPES
  /** For `C` two letters (ISO 3166). */
  readonly value: string
}

/** A Name of these attributes, most general first; C as PrintableString, all others as UTF8String (RFC 5280 4.1.2.4). */
export function distinguishedName(attributes: readonly NameAttribute[]): Der {
  return sequence(
    ...attributes.map(({ type, value }) =>
      setOf(sequence(oid(TYPES[type]), type === 'C' ? printableString(value) : utf8String(value))),
    ),
  )
}

function utf16(content: Uint8Array): string {
  let text = ''
  for (let i = 0; i + 1 < content.length; i += 2) text += String.fromCharCode((content[i] << 8) | content[i + 1])
  return text
}

function textOf(value: DerNode): string {
  switch (value.tag) {
    case TAG.utf8String:
      return readUtf8(value)
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.teletexString:
      return latin1(value.content)
    case TAG.bmpString:
      return utf16(value.content)
    default:
      return `#${toHex(value.der)}`
  }
}

/**
 * RFC 4514 2.4; control, format and separator characters too, so that a name cannot reorder or break
 * the line that shows it.
 */
function escaped(text: string): string {
  return text
    .replace(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)
}

/** One attribute of a name, as it stands. */
export interface Attribute {
  readonly oid: string
  readonly text: string
}

/** The attributes of a relative distinguished name: SET OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }, whatever its tag. */
export function readRelativeName(set: DerNode): readonly Attribute[] {
  return set.children.map((attribute) => {
    const fields = fieldsOf(attribute)
    const type = readOid(fields.take())
    const value = fields.take()
    fields.end()
    return { oid: type, text: textOf(value) }
  })
}

/**
 * RFC 5280 4.1.2.4.  Name ::= SEQUENCE OF RelativeDistinguishedName
 * @throws {@link DerError} `DER_INVALID` when it is no Name.
 */
export function readName(name: Der): readonly (readonly Attribute[])[] {
  return expectTag(readDer(name, { maxBytes: 65536 }), TAG.sequence).children.map((set) =>
    readRelativeName(expectTag(set, TAG.set)),
  )
}

/** @throws {@link DerError} `DER_INVALID` when it is no Name. */
export function checkName(name: Der): void {
  readName(name)
}

/**
 * A Name for people, most specific first: `CN=…,O=…,C=…`, in the manner of RFC 4514.
 * @throws {@link DerError} `DER_INVALID` when it is no Name.
 */
export const nameText: (name: Der) => string = readOnce(textOfName, { values: 256, maxBytes: 1024 })

function textOfName(name: Der): string {
  return readName(name)
    .map((set) => set.map(({ oid: type, text }) => `${ATTRIBUTES.get(type) ?? type}=${escaped(text)}`).join('+'))
    .reverse()
    .join(',')
}

/**
 * The most specific common name, escaped as in {@link nameText}; it is what the CA let the holder be called, no proof of who they are.
 * @throws {@link DerError} `DER_INVALID` when it is no Name.
 */
export const commonName: (name: Der) => string | undefined = readOnce(commonNameIn, { values: 256, maxBytes: 1024 })

function commonNameIn(name: Der): string | undefined {
  const found = readName(name)
    .flat()
    .filter(({ oid: type }) => type === TYPES.CN)
  return found.length === 0 ? undefined : escaped(found[found.length - 1].text)
}
