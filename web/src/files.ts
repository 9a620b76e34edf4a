import { keyIn } from './trust-lists'

/** What a chosen file is, by its content: names and media types are what a sender says. */
export type FileKind = 'pdf' | 'evidence' | 'trust' | 'list' | 'listKey' | 'empty' | 'other'

/** A file that the reader chose, read. */
export interface ChosenFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Larger files are refused unread: a browser's page cannot hold them several times over. */
export const MAX_FILE_BYTES = 512 << 20

/** How far into a file the header of a PDF is looked for, so that the verifier, not we, says what is wrong with it. */
const HEADER_WITHIN = 1024
/** Where a ZIP lists its members. */
const LIST_WITHIN = 64 << 10

/** Recognises a file by its content. Office documents are ZIPs, too, and may be deposited: evidence names its index. */
export function kindOf(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return 'empty'
  const head = latin1(bytes.subarray(0, HEADER_WITHIN))
  if (head.startsWith('PK\x03\x04')) return namesIndex(bytes, head) ? 'evidence' : 'other'
  if (head.includes('%PDF-')) return 'pdf'
  if (!/^(?:\xef\xbb\xbf)?\s*\{/.test(head)) return keyIn(bytes) === undefined ? 'other' : 'listKey'
  const end = latin1(bytes.subarray(-LIST_WITHIN))
  if (end.includes('cinnabar.signedTrustList.v')) return 'list'
  return end.includes('cinnabar.trust.v') ? 'trust' : 'other'
}

function namesIndex(bytes: Uint8Array, head: string): boolean {
  return head.includes(INDEX) || latin1(bytes.subarray(-LIST_WITHIN)).includes(INDEX)
}

const INDEX = 'evidence.json'

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}

/** A download of text, made in the page. */
export function offerDownload(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
