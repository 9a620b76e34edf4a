import { commandLines } from '../court/command-lines'
import { breakLines } from './break-lines'
import { PdfFile } from './pdf-file'
import { PdfFont } from './pdf-font'

const font = new PdfFont(new PdfFile())
/** At size 10 a Chinese character is ten points wide. */
const lines = (text: string, width: number) => breakLines(font, text, { width, size: 10 })

describe('lines', () => {
  it('never begin with a closing mark, which takes the character before it along', () => {
    expect(lines('账本记录未证明。', 70)).toEqual(['账本记录未证', '明。'])
    expect(lines('证据容器（。）', 50)).toEqual(['证据容器', '（。）'])
  })

  it('keep every character, in order, and none is too wide', () => {
    const text =
      '印章名称：未证明；证明的时间：2026-11-22T12:16:27Z；VeryLongUnbrokenName_VeryLongUnbrokenName，“第 2 个版本”。'
    for (let width = 40; width < 400; width += 7) {
      const broken = lines(text, width)
      expect(broken.join('')).toBe(text)
      expect(broken.filter((line) => font.widthOf(line.trimEnd(), 10) > width)).toEqual([])
    }
  })

  it('break at every width, also where nothing but closing marks is', () => {
    expect(lines('。。。。。。', 20).join('')).toBe('。。。。。。')
  })

  it('of a command are one command to a shell', () => {
    const command = `openssl verify -attime 1795349787 -trusted ${'a'.repeat(60)} ${'b'.repeat(60)}`
    const broken = commandLines(font, command, { width: 437, size: 7.5 })
    expect(broken.length).toBeGreaterThan(1)
    expect(broken.slice(0, -1).every((line) => line.endsWith(' \\'))).toBe(true)
    expect(broken.join('').replace(/ \\ */g, ' ')).toBe(`$ ${command}`)
  })
})
