import type { Names } from '@cinnabar/core'
import { breakLines } from '../print/break-lines'
import { PdfFile } from '../print/pdf-file'
import { PdfFont } from '../print/pdf-font'
import { pdfOf } from '../print/pdf-pages'
import { INK, Sheet } from '../print/sheet'
import type { CourtPoint, CourtReport, Standing } from './court-report'
import { MEANING, OUTCOMES, STANDINGS } from './words'

/** A4 upright, points. */
const [WIDTH, HEIGHT, MARGIN] = [595.28, 841.89, 48]
const TEXT = WIDTH - 2 * MARGIN
const BOTTOM = MARGIN + 22
/** Of a point: what stands before its text. */
const INDENT = 62
/** What the seal takes on the last page: 42 mm and its margins. */
const SEAL_ROOM = 190

const COLOURS: Readonly<Record<Standing, string>> = {
  proven: '0.05 0.42 0.22 rg',
  refuted: INK.red,
  open: '0.68 0.38 0 rg',
  stated: INK.grey,
}
const OUTCOME_COLOURS = { passed: COLOURS.proven, failed: COLOURS.refuted, indeterminate: COLOURS.open } as const
const TITLE: Names = { zh: '电子印章文件核验报告', en: 'Report on the verification of a sealed document' }
const MARKS: Readonly<Record<Standing, string>> = { proven: '√', refuted: '×', open: '？', stated: '·' }

/** The report to be printed and sealed: Chinese above English at each point, a free place for the seal at the end. */
export function courtPdf(report: CourtReport): Uint8Array {
  const file = new PdfFile()
  const font = new PdfFont(file)
  const flow = new Flow(font)
  drawHead(flow, report)
  for (const { article, points } of report.sections) {
    flow.heading(article)
    for (const point of points) flow.point(point)
  }
  drawEnd(flow, report)
  flow.sheets.forEach((sheet, i) => {
    drawFoot(sheet, report, `${i + 1} / ${flow.sheets.length}`)
  })
  const title = `${TITLE.zh} ${report.fileName}`
  return pdfOf(file, font, { title, width: WIDTH, height: HEIGHT, sheets: flow.sheets })
}

/** Text from top to bottom, on as many sheets as it takes. */
class Flow {
  readonly font: PdfFont
  readonly sheets: Sheet[] = []
  #y = 0

  constructor(font: PdfFont) {
    this.font = font
    this.#turn()
  }

  /** Begins a new sheet unless so many points are free on this one. */
  need(height: number): void {
    if (this.#y - height < BOTTOM) this.#turn()
  }

  space(height: number): void {
    this.#y -= height
  }

  /** Goes down to so many points above the foot, on this sheet if they are free. */
  toBottom(height: number): void {
    this.need(height)
    this.#y = BOTTOM + height
  }

  paragraph(text: string, { size, colour, indent = 0 }: Style): void {
    const width = TEXT - indent
    for (const line of breakLines(this.font, text, { width, size })) {
      this.need(size * LEADING)
      this.#y -= size * LEADING
      this.#sheet.text(MARGIN + indent, this.#y, line, { size, ...(colour && { colour }) })
    }
  }

  heading({ zh, en }: Names): void {
    this.need(110)
    this.space(12)
    this.#sheet.box([MARGIN, this.#y - 20, TEXT, 21], '0.94 g')
    this.#sheet.text(MARGIN + 6, this.#y - 14, zh, { size: 11 })
    const width = this.font.widthOf(en, 9)
    this.#sheet.text(WIDTH - MARGIN - 6 - width, this.#y - 14, en, { size: 9, colour: INK.grey })
    this.space(24)
  }

  /** A point whole on one sheet, its standing at its left. */
  point(point: CourtPoint): void {
    const { title, standing, fact, evidence, redo } = point
    const rows: readonly (readonly [string, Style])[] = [
      [`${title.zh}　${title.en}`, { size: 9.5, indent: INDENT }],
      [fact.zh, { size: 9, indent: INDENT }],
      [fact.en, { size: 8, indent: INDENT, colour: '0.25 g' }],
      [`证据 Evidence: ${evidence.join('  ') || '无 none'}`, { size: 7.5, indent: INDENT, colour: INK.grey }],
      [`复核 Redo: ${redo.join('  |  ') || '无 none'}`, { size: 7.5, indent: INDENT, colour: INK.grey }],
    ]
    this.need(rows.reduce((sum, [text, style]) => sum + this.#heightOf(text, style), 14))
    const colour = COLOURS[standing]
    const { zh, en } = STANDINGS[standing]
    this.#sheet.text(MARGIN + 2, this.#y - 13, `${MARKS[standing]} ${zh}`, { size: 9.5, colour })
    this.#sheet.text(MARGIN + 2, this.#y - 24, en, { size: 7.5, colour })
    for (const [text, style] of rows) this.paragraph(text, style)
    this.space(6)
    this.#sheet.line({ x: MARGIN, y: this.#y }, TEXT, 0.25)
    this.space(2)
  }

  #heightOf(text: string, { size, indent = 0 }: Style): number {
    return breakLines(this.font, text, { width: TEXT - indent, size }).length * size * LEADING
  }

  get #sheet(): Sheet {
    return this.sheets[this.sheets.length - 1]
  }

  #turn(): void {
    this.sheets.push(new Sheet(this.font))
    this.#y = HEIGHT - MARGIN
  }
}

const LEADING = 1.42

interface Style {
  readonly size: number
  readonly colour?: string
  readonly indent?: number
}

function drawHead(flow: Flow, { report, fileName, madeAt, madeBy, trustName }: CourtReport): void {
  const { outcome, code, file, trust } = report
  flow.paragraph(TITLE.zh, { size: 19 })
  flow.paragraph(TITLE.en, { size: 11, colour: INK.grey })
  flow.space(6)
  const rows: readonly string[] = [
    `文件 File: ${fileName}`,
    `摘要 Digest: ${file.sha256}`,
    `出具 Made by: ${madeBy.zh}　${madeBy.en}, ${madeAt}`,
    `信任文件 Trust: ${trustName === null ? '无 none' : `${trustName.zh}　${trustName.en}`}　${trust.fingerprint ?? ''}`,
  ]
  for (const row of rows) flow.paragraph(row, { size: 8.5 })
  flow.space(8)
  const colour = OUTCOME_COLOURS[outcome]
  flow.paragraph(`${OUTCOMES[outcome].zh}　${OUTCOMES[outcome].en}　[${code}]`, { size: 15, colour })
  flow.paragraph(MEANING[outcome].zh, { size: 9.5 })
  flow.paragraph(MEANING[outcome].en, { size: 8.5, colour: '0.25 g' })
  flow.space(4)
  flow.paragraph(
    '以下依《人民法院在线诉讼规则》第十六条至第十九条的顺序逐项列明：事实、证据所在、复核命令；未予证明的，明确写明。FILE 指所核验的文件。',
    { size: 8, colour: INK.grey },
  )
  flow.paragraph(
    "In the order of Articles 16 to 19 of the Online Litigation Rules of the People's Courts: the fact, where its evidence is, the command that redoes it; what is not proven is said. FILE is the file that was verified.",
    { size: 8, colour: INK.grey },
  )
}

/** A free corner for the seal, with the words that it stands for. */
function drawEnd(flow: Flow, { madeBy }: CourtReport): void {
  flow.toBottom(SEAL_ROOM)
  flow.paragraph('出具机构盖章', { size: 10 })
  flow.paragraph(`Seal of the institution that made this report: ${madeBy.zh}　${madeBy.en}`, {
    size: 8.5,
    colour: '0.25 g',
  })
  flow.paragraph('本报告自身已盖章并记入账本，可用同样方法核验。', { size: 8.5 })
  flow.paragraph('This report is itself sealed and recorded, and is verified in the same way.', {
    size: 8,
    colour: '0.25 g',
  })
}

function drawFoot(sheet: Sheet, { fileName, madeAt }: CourtReport, page: string): void {
  const look = { size: 7, colour: INK.grey }
  const text = `${TITLE.zh}　${fileName.slice(0, 60)}　${madeAt}`
  sheet.text(MARGIN, MARGIN - 8, text, look)
  sheet.text(WIDTH - MARGIN - sheet.font.widthOf(page, 7), MARGIN - 8, page, look)
}
