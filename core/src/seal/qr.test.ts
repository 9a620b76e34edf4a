import { latin1 } from '../encode/bytes'
import { composeAppearance, wrapperContent, wrapperSize } from './appearance'
import type { SealPicture } from './picture'
import { drawQr, qrModules } from './qr'

const ADDRESS = 'https://seal.example.org/s/0123456789abcdef0123456789abcdef'

const code = (run: () => unknown) => {
  try {
    return run()
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('the QR code', () => {
  it('covers exactly the dark modules, in runs, inside a quiet zone of four', () => {
    const modules = qrModules(ADDRESS)
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

  it('has the finder patterns of ISO/IEC 18004 and level M in its format bits', () => {
    const modules = qrModules(ADDRESS)
    expect(modules.length).toBe(33)
    const finder = modules.slice(0, 7).map((row) => row.slice(0, 7).map(Number).join(''))
    expect(finder).toEqual(['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'])
    // The two bits of the level, 00 for M, are masked with 10.
    expect(modules[8].slice(0, 2)).toEqual([true, false])
  })

  it('refuses what readers would not agree on, and sizes that nobody can scan', () => {
    expect(code(() => qrModules(''))).toBe('QR_TEXT_INVALID')
    expect(code(() => qrModules('https://江州.example'))).toBe('QR_TEXT_INVALID')
    expect(code(() => qrModules('a b'))).toBe('QR_TEXT_INVALID')
    expect(code(() => qrModules('a'.repeat(201)))).toBe('QR_TEXT_INVALID')
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
