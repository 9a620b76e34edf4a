import { deflateSync } from 'node:zlib'
import { concat, fromLatin1 } from '@cinnabar/core'

/** A reference as PDF writes it, such as `3 0 R`. */
export type Ref = `${number} 0 R`

/** A PDF in the making: objects by number, written out with a classic cross-reference table. ISO 32000-1 7.5. */
export class PdfFile {
  readonly #objects: (Uint8Array | undefined)[] = []

  /** A number for an object that is written later by {@link put}. */
  reserve(): Ref {
    this.#objects.push(undefined)
    return `${this.#objects.length} 0 R`
  }

  /** Adds an object, written in PDF's syntax; characters are Latin-1. */
  add(text: string): Ref {
    return this.put(this.reserve(), text)
  }

  put(ref: Ref, text: string): Ref {
    this.#objects[Number.parseInt(ref, 10) - 1] = fromLatin1(text)
    return ref
  }

  /** Adds a stream, deflated. @param entries - of its dictionary beside Length and Filter. */
  stream(content: Uint8Array, entries = ''): Ref {
    const packed = new Uint8Array(deflateSync(content))
    const ref = this.reserve()
    const head = fromLatin1(`<< ${entries} /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`)
    this.#objects[Number.parseInt(ref, 10) - 1] = concat(head, packed, fromLatin1('\nendstream'))
    return ref
  }

  /** The file. @throws RangeError when a reserved object was never put. */
  bytes(trailer: string): Uint8Array {
    const parts: Uint8Array[] = [concat(fromLatin1('%PDF-1.7\n%'), Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3, 10))]
    const offsets: number[] = []
    let at = parts[0].length
    this.#objects.forEach((object, i) => {
      if (object === undefined) throw new RangeError(`object ${i + 1} was never written`)
      const part = concat(fromLatin1(`${i + 1} 0 obj\n`), object, fromLatin1('\nendobj\n'))
      offsets.push(at)
      at += part.length
      parts.push(part)
    })
    const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
    const size = offsets.length + 1
    const table = `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} ${trailer} >>\nstartxref\n${at}\n%%EOF\n`
    return concat(...parts, fromLatin1(table))
  }
}

/** A text string in UTF-16, hexadecimal: any script. ISO 32000-1 7.9.2.2. */
export function textString(text: string): string {
  return `<feff${utf16(text).map(hex4).join('')}>`
}

export function utf16(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
}

export function hex4(value: number): string {
  return value.toString(16).padStart(4, '0')
}
