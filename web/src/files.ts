/** What a chosen file is, by its first bytes: names and media types are what a sender says. */
export type FileKind = 'pdf' | 'evidence' | 'trust' | 'empty' | 'unknown'

/** A file that the reader chose, read. */
export interface ChosenFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Larger files are refused unread: a browser's page cannot hold them several times over. */
export const MAX_FILE_BYTES = 512 << 20

/** How far into a file the header of a PDF is looked for, so that the verifier, not we, says what is wrong with it. */
const HEADER_WITHIN = 1024

/** Recognises a file by its content. */
export function kindOf(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return 'empty'
  const head = String.fromCharCode(...bytes.subarray(0, HEADER_WITHIN))
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) return 'evidence'
  if (head.includes('%PDF-')) return 'pdf'
  if (/^(?:\xef\xbb\xbf)?\s*\{/.test(head)) return 'trust'
  return 'unknown'
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
