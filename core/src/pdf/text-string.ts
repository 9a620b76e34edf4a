import { fromLatin1, fromUtf8, latin1 } from '../encode/bytes'

/**
 * The characters of a text string, ISO 32000-2, 7.9.2.2: UTF-16BE or UTF-8 by their marks, else PDFDocEncoding,
 * of which the characters outside ASCII are read as Latin-1. For comparing and showing, never for judging.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(bytes.subarray(2))
  if (bytes[0] !== 0xef || bytes[1] !== 0xbb || bytes[2] !== 0xbf) return latin1(bytes)
  try {
    return fromUtf8(bytes.subarray(3))
  } catch {
    return latin1(bytes)
  }
}

function utf16(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i + 1 < bytes.length; i += 2) text += String.fromCharCode((bytes[i] << 8) | bytes[i + 1])
  return text
}

/** A text string: ASCII as it is, anything else as UTF-16BE with its mark. */
export function encodeText(text: string): Uint8Array {
  if (/^[ -~]*$/.test(text)) return fromLatin1(text)
  const bytes = new Uint8Array(2 + 2 * text.length)
  bytes.set([0xfe, 0xff])
  for (let i = 0; i < text.length; i++) {
    bytes[2 + 2 * i] = text.charCodeAt(i) >> 8
    bytes[3 + 2 * i] = text.charCodeAt(i) & 255
  }
  return bytes
}
