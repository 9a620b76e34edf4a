import { equal } from '../encode/bytes'
import { type Der, type DerNode, TAG } from '../encode/der'
import { onlyChild } from '../encode/der-fields'
import { checkName } from './name'
import { sameName } from './name-compare'

/** The kinds of GeneralName that are looked into, by their tags. */
export const GENERAL_NAME = { email: 0x81, dns: 0x82, directory: 0xa4, uri: 0x86, ip: 0x87 } as const

/** RFC 5280 4.2.1.6.  GeneralName ::= CHOICE { otherName [0], rfc822Name [1], dNSName [2], …, directoryName [4], … } */
export interface GeneralName {
  /** The identifier octet: which of the choices it is. */
  readonly tag: number
  readonly content: Uint8Array
  /** DER Name of a directoryName. */
  readonly name?: Der
}

/** One GeneralName. @throws {@link DerError} `DER_INVALID` for a directory name that is no Name. */
export function readGeneralName(node: DerNode): GeneralName {
  const { tag, content } = node
  if (tag !== GENERAL_NAME.directory) return { tag, content }
  const name = onlyChild(node, TAG.sequence).der
  checkName(name)
  return { tag, content, name }
}

/** The GeneralNames in a constructed value, whatever its own tag. */
export function readGeneralNames(node: DerNode): readonly GeneralName[] {
  return node.children.map(readGeneralName)
}

/** Whether two are the same: directory names by RFC 5280 7.1, all others byte for byte. */
export function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  if (a.tag !== b.tag) return false
  return a.name !== undefined && b.name !== undefined ? sameName(a.name, b.name) : equal(a.content, b.content)
}
