import type { Names } from '@cinnabar/core'
import { breakLines } from '../print/break-lines'
import { PdfFile } from '../print/pdf-file'
import { PdfFont } from '../print/pdf-font'
import { pdfOf } from '../print/pdf-pages'
import { INK, Sheet } from '../print/sheet'
import { commandLines } from './command-lines'
import type { CourtPoint, CourtReport, CourtSection, Standing } from './court-report'
import { CONTAINER, TRUST } from './folder'
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
const TITLES = {
  sealed: { zh: '电子印章文件核验报告', en: 'Report on the verification of a sealed document' },
  deposited: { zh: '存证文件核验报告', en: 'Report on the verification of a deposited file' },
} as const satisfies Readonly<Record<string, Names>>
const MARKS: Readonly<Record<Standing, string>> = { proven: '√', refuted: '×', open: '？', stated: '·' }

/** The report to be printed and sealed: Chinese above English at each point, a free place for the seal at the end. */
export function courtPdf(report: CourtReport): Uint8Array {
  const file = new PdfFile()
  const font = new PdfFont(file)
  const flow = new Flow(font)
  drawHead(flow, report)
  drawFolder(flow, report)
  for (const [i, section] of report.sections.entries()) {
    // A seal alone on its page could be taken for any text's.
    if (i === report.sections.length - 1) flow.need(flow.heightOfSection(section) + SEAL_ROOM)
    flow.section(section)
    for (const point of section.points) flow.point(point)
  }
  drawEnd(flow, report)
  flow.sheets.forEach((sheet, i) => {
    drawFoot(sheet, report, `${i + 1} / ${flow.sheets.length}`)
  })
  const title = `${titleOf(report).zh} ${report.fileName}`
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
    this.#lines(breakLines(this.font, text, { width, size }), { size, colour, indent })
  }

  /** A command that a shell takes as it is printed. */
  command(text: string, { size, colour, indent = 0 }: Style): void {
    this.#lines(commandLines(this.font, text, { width: TEXT - indent, size }), { size, colour, indent })
  }

  #lines(lines: readonly string[], { size, colour, indent = 0 }: Style): void {
    for (const line of lines) {
      this.need(size * LEADING)
      this.#y -= size * LEADING
      this.#sheet.text(MARGIN + indent, this.#y, line, { size, ...(colour && { colour }) })
    }
  }

  /** The law's own words under their heading, with what they say in English. */
  section({ heading, law, points }: CourtSection): void {
    const first = points.slice(0, 1).map((point) => this.#heightOfPoint(point))
    const lines = this.#heightOf(law.zh, LAW) + this.#heightOf(law.en, LAW_EN)
    this.#heading(
      heading,
      first.reduce((sum, one) => sum + one, lines),
    )
    this.paragraph(law.zh, LAW)
    this.paragraph(law.en, LAW_EN)
    this.space(4)
  }

  heightOfSection({ law, points }: CourtSection): number {
    const words = this.#heightOf(law.zh, LAW) + this.#heightOf(law.en, LAW_EN)
    return points.reduce((sum, point) => sum + this.#heightOfPoint(point), words + HEADING)
  }

  heading(names: Names): void {
    this.#heading(names, 60)
  }

  /** With so much of what follows on the same sheet. */
  #heading({ zh, en }: Names, following: number): void {
    this.need(HEADING + following)
    this.space(12)
    this.#sheet.box([MARGIN, this.#y - 20, TEXT, 21], '0.94 g')
    this.#sheet.text(MARGIN + 6, this.#y - 14, zh, { size: 11 })
    const width = this.font.widthOf(en, 9)
    this.#sheet.text(WIDTH - MARGIN - 6 - width, this.#y - 14, en, { size: 9, colour: INK.grey })
    this.space(24)
  }

  /** A point whole on one sheet, its standing at its left. */
  point(point: CourtPoint): void {
    const { standing, redo } = point
    this.need(this.#heightOfPoint(point))
    const colour = COLOURS[standing]
    const { zh, en } = STANDINGS[standing]
    this.#sheet.text(MARGIN + 2, this.#y - 13, `${MARKS[standing]} ${zh}`, { size: 9.5, colour })
    this.#sheet.text(MARGIN + 2, this.#y - 24, en, { size: 7.5, colour })
    for (const [text, style] of rowsOf(point)) this.paragraph(text, style)
    for (const one of redo) this.command(one, { ...SMALL, colour: INK.black })
    this.space(6)
    this.#sheet.box([MARGIN, this.#y, TEXT, 0.5], '0.8 g')
    this.space(2)
  }

  #heightOfPoint(point: CourtPoint): number {
    const width = TEXT - INDENT
    const commands = point.redo.flatMap((one) => commandLines(this.font, one, { width, size: SMALL.size }))
    const height = rowsOf(point).reduce((sum, [text, style]) => sum + this.#heightOf(text, style), 14)
    return height + commands.length * SMALL.size * LEADING
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
/** A heading with the room around it. */
const HEADING = 50

interface Style {
  readonly size: number
  readonly colour?: string
  readonly indent?: number
}

const SMALL = { size: 7.5, indent: INDENT, colour: INK.grey } as const satisfies Style
const LAW = { size: 8.5, indent: 6 } as const satisfies Style
const LAW_EN = { size: 7.5, indent: 6, colour: INK.grey } as const satisfies Style

function rowsOf({ title, fact, evidence, redo }: CourtPoint): readonly (readonly [string, Style])[] {
  return [
    [`${title.zh}　${title.en}`, { size: 9.5, indent: INDENT }],
    [fact.zh, { size: 9, indent: INDENT }],
    // The font's own apostrophe is as wide as a Chinese character.
    [fact.en.replaceAll('’', "'"), { size: 8, indent: INDENT, colour: '0.25 g' }],
    [`证据 Evidence: ${evidence.join('  ') || '无 none'}`, SMALL],
    [redo.length === 0 ? '复核 Redo: 无 none' : '复核 Redo:', SMALL],
  ]
}

function titleOf({ report: { signatures, deposits = [] } }: Pick<CourtReport, 'report'>): Names {
  return signatures.length === 0 && deposits.length > 0 ? TITLES.deposited : TITLES.sealed
}

function drawHead(flow: Flow, { report, fileName, madeAt, madeBy, trustName }: CourtReport): void {
  const title = titleOf({ report })
  const { outcome, code, file, trust } = report
  flow.paragraph(title.zh, { size: 19 })
  flow.paragraph(title.en, { size: 11, colour: INK.grey })
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
    '以下依《人民法院在线诉讼规则》（法释〔2021〕12号）第十六条至第十九条的顺序，逐项列明事实、证据所在和复核命令；未予证明的，明确写明。条文以引号引出；其余文字（包括英文）均为本报告自己的措辞，不是法律意见。时间均为协调世界时（UTC），北京时间为其后八小时。',
    { size: 8, colour: INK.grey },
  )
  flow.paragraph(
    "In the order of Articles 16 to 19 of the Online Litigation Rules of the People's Courts (Fa Shi [2021] No. 12): each fact, where its evidence is, the commands that redo it; what is not proven is said. The Chinese of the articles is quoted; all other words, the English ones included, are this report's own and no legal advice. Times are UTC; Beijing is eight hours ahead.",
    { size: 8, colour: INK.grey },
  )
}

/** What a reader needs for the commands, which all run as they are printed in one folder. */
function drawFolder(flow: Flow, { document, setUp, report }: CourtReport): void {
  const names = [...(document.includes('/') ? [] : [document]), ...(setUp.length > 0 ? [CONTAINER] : []), TRUST]
  const inside = document.includes('/')
    ? { zh: '（文件在证据容器之内）', en: ' (the file lies in the container)' }
    : NOTHING
  flow.heading({ zh: '复核之前', en: 'Before redoing it' })
  flow.paragraph(
    `以下命令均可照印出的原样运行。请新建一个空文件夹，放入 ${names.join('、')}${inside.zh}，并在其中运行。文件即所核验的文件，改用此名，以免他人起的文件名进入命令。证据容器由盖章或存证的机构提供，或以 cinnabar evidence 取得。信任文件须另行取得，${report.trust.fingerprint === null ? '核验时没有信任文件' : `其指纹为 ${report.trust.fingerprint}`}。`,
    { size: 8.5 },
  )
  flow.paragraph(
    `Every command runs as it is printed. Make an empty folder, put ${names.join(', ')} into it${inside.en}, and run them there. The file is the one that was verified, under this name so that no name chosen by others is part of a command. The evidence container comes from the institution that sealed or deposited, or from cinnabar evidence. The trust file is to be got elsewhere; its fingerprint is ${report.trust.fingerprint === null ? 'unknown, there was none' : 'above'}.`,
    { size: 8, colour: '0.25 g' },
  )
  for (const one of setUp) flow.command(one, { size: 8 })
}

const NOTHING: Names = { zh: '', en: '' }

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

function drawFoot(sheet: Sheet, { report, fileName, madeAt }: CourtReport, page: string): void {
  const look = { size: 7, colour: INK.grey }
  const [name] = breakLines(sheet.font, fileName, { width: TEXT / 2, size: look.size })
  const cut = name === fileName ? name : `${name}……`
  sheet.text(MARGIN, MARGIN - 8, `${titleOf({ report }).zh}　${cut}　${madeAt}`, look)
  sheet.text(WIDTH - MARGIN - sheet.font.widthOf(page, 7), MARGIN - 8, page, look)
}
