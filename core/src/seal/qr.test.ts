import { encode } from 'uqr'
import { fromLatin1, latin1 } from '../encode/bytes'
import { composeAppearance, wrapperContent, wrapperSize } from './appearance'
import type { SealPicture } from './picture'
import { drawQr } from './qr'
import { qrCode } from './qr-code'

const ADDRESS = 'https://seal.example.org/s/0123456789abcdef0123456789abcdef'

/** Rows of dark modules, as tests compare them. */
const rowsOf = (text: string) => {
  const { size, modules } = qrCode(fromLatin1(text)) ?? { size: 0, modules: new Uint8Array(0) }
  return Array.from({ length: size }, (_, y) => Array.from(modules.subarray(y * size, (y + 1) * size), Boolean))
}

const code = (run: () => unknown) => {
  try {
    return run()
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('the QR code', () => {
  it('covers exactly the dark modules, in runs, inside a quiet zone of four', () => {
    const modules = rowsOf(ADDRESS)
    const across = modules.length + 8
    const { content, sizePt } = drawQr(ADDRESS, 16)
    const text = latin1(content)
    const painted = modules.map((row) => row.map(() => false))
    for (const [, x, y, length] of text.matchAll(/^(\d+) (\d+) (\d+) 1 re$/gm)) {
      for (let i = 0; i < Number(length); i++) painted[across - 5 - Number(y)][Number(x) - 4 + i] = true
    }
    expect(painted).toEqual(modules)
    const scale = Number(/^([\d.]+) 0 0 \1 0 0 cm$/m.exec(text)?.[1])
    expect(scale * across).toBeLessThanOrEqual(sizePt)
    expect(scale * across).toBeGreaterThan(sizePt - 0.06)
    expect(sizePt).toBe(45.354)
    expect(text).toMatch(/^q\n0 g\n[^qQ]*\nf\nQ\n$/)
  })

  it('is, for every length that fits, the code that another implementation makes', () => {
    for (let length = 1; length <= 213; length++) {
      const text = ADDRESS.repeat(4).slice(0, length)
      const peer = encode(text, { ecc: 'M', boostEcc: false, border: 0, maskPattern: 2 })
      expect([length, peer.size, rowsOf(text)]).toEqual([length, peer.size, peer.data])
    }
  })

  it('is not made for more than ten versions hold', () => {
    expect(qrCode(new Uint8Array(213))?.size).toBe(57)
    expect(qrCode(new Uint8Array(214))).toBeUndefined()
  })

  it('refuses what readers would not agree on, and sizes that nobody can scan', () => {
    expect(code(() => drawQr('', 16))).toBe('QR_TEXT_INVALID')
    expect(code(() => drawQr('https://江州.example', 16))).toBe('QR_TEXT_INVALID')
    expect(code(() => drawQr('a b', 16))).toBe('QR_TEXT_INVALID')
    expect(code(() => drawQr('a'.repeat(201), 16))).toBe('QR_TEXT_INVALID')
    expect(code(() => drawQr(ADDRESS, 7))).toBe('QR_SIZE_INVALID')
    expect(code(() => drawQr(ADDRESS, Number.NaN))).toBe('QR_SIZE_INVALID')
  })
})

describe('the appearance', () => {
  const seal: SealPicture = {
    widthMm: 40,
    heightMm: 40,
    widthPt: 113.386,
    heightPt: 113.386,
    content: new Uint8Array(0),
  }

  it('puts the QR code to the right of the seal, at the bottom', () => {
    const qr = drawQr(ADDRESS, 16)
    const appearance = composeAppearance(seal, qr)
    expect(latin1(appearance.content)).toBe('q 1 0 0 1 0 0 cm /Seal Do Q\nq 1 0 0 1 119.055 0 cm /QR Do Q\n')
    expect(appearance).toMatchObject({ widthMm: 58, heightMm: 40, widthPt: 164.409, heightPt: 113.386 })
    expect(appearance.xobjects).toEqual({ Seal: seal, QR: qr })
  })

  it('can be made again by a verifier from the sizes of the two forms alone', () => {
    const small = { widthPt: 51.024, heightPt: 30 }
    expect(latin1(wrapperContent(small))).toBe('q 1 0 0 1 0 0 cm /Seal Do Q\nq 1 0 0 1 56.693 0 cm /QR Do Q\n')
    expect(wrapperSize(small, { sizePt: 45.354 })).toEqual({ widthPt: 102.047, heightPt: 45.354 })
  })
})
