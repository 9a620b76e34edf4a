import type { Area, CompareRemark, PageComparison, RenderComparison, RevisionComparison } from '@cinnabar/core'
import type { Texts } from '../texts/en'

const MAX_AREAS = 8
const MAX_LINES = 40
const MAX_REMARKS = 20

/** A second reading for people, after the report: page by page what differs. */
export function comparisonLines({ engine, tolerance, revisions }: RenderComparison, texts: Texts): readonly string[] {
  const { render } = texts
  const found = revisions.length === 0 ? [`  ${render.noSeal}`] : revisions.flatMap((one) => revisionLines(one, texts))
  return ['', render.heading(engine), `  ${render.informs(tolerance.channel)}`, ...found]
}

function revisionLines(one: RevisionComparison, texts: Texts): readonly string[] {
  const { render } = texts
  return [
    `  ${render.since(one.field, one.bytes)}${texts.colon}${render.state[one.state](one)}`,
    ...(one.state === 'differs' ? [`    ${render.differingMeans}`] : []),
    ...(one.state === 'same' ? [`    ${render.sameMeans}`] : []),
    ...one.differing.flatMap((page) => pageLines(page, texts)),
    ...one.remarks.slice(0, MAX_REMARKS).map((remark) => `    ! ${remarkLine(remark, texts)}`),
    ...(one.remarks.length > MAX_REMARKS ? [`    ! ${render.moreRemarks(one.remarks.length - MAX_REMARKS)}`] : []),
  ]
}

function pageLines({ page, state, text, picture, sizeBefore, sizeAfter }: PageComparison, texts: Texts): string[] {
  const { render } = texts
  const areas = picture?.areas ?? []
  const isResized =
    sizeBefore !== undefined &&
    sizeAfter !== undefined &&
    (sizeBefore.widthMm !== sizeAfter.widthMm || sizeBefore.heightMm !== sizeAfter.heightMm)
  const hidden = Math.max(0, text.changes.length - MAX_LINES) + text.more
  return [
    `    ${render.page(page)}${texts.colon}${state === 'differs' ? render.changed(percent(picture?.share)) : render.whole[state]}`,
    ...(isResized ? [`      ${render.resized(sizeBefore, sizeAfter)}`] : []),
    ...areas.slice(0, MAX_AREAS).map((area) => `      ${render.area(rounded(area))}`),
    ...(areas.length > MAX_AREAS ? [`      ${render.moreAreas(areas.length - MAX_AREAS)}`] : []),
    ...text.changes
      .slice(0, MAX_LINES)
      .map(({ change, text: line }) => `      ${change === 'added' ? '+' : '-'} ${line}`),
    ...(hidden > 0 ? [`      ${render.moreLines(hidden)}`] : []),
  ]
}

function percent(share: number | undefined): string | undefined {
  if (share === undefined) return undefined
  return share > 0 && share < 0.0001 ? '< 0.01 %' : `${(share * 100).toFixed(2)} %`
}

function rounded({ x, y, width, height }: Area): Area {
  const atLeastOne = (mm: number) => Math.max(1, Math.round(mm))
  return { x: Math.round(x), y: Math.round(y), width: atLeastOne(width), height: atLeastOne(height) }
}

function remarkLine({ code, side, page, detail }: CompareRemark, { render, colon }: Texts): string {
  const where = [side && render.side[side], page && render.page(page)].filter(Boolean).join(' ')
  const what = `${render.remark[code]}${detail === '' ? '' : ` (${detail})`} [${code}]`
  return where === '' ? what : `${where}${colon}${what}`
}
