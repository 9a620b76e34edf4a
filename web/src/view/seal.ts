import {
  type Check,
  dateOf,
  type Recorded,
  type RecordedBlock,
  type Report,
  type SignatureReport,
  type Time,
} from '@cinnabar/core'
import { foreign, h, row } from '../dom'
import { outcomeIcon } from '../icons'
import type { Texts } from '../texts'
import { describeSpan } from '../when'
import { institutionOf, sentenceOf } from '../wording'
import { checkTable, drawFact } from './facts'
import { drawJudgements, drawRecognised } from './recognised'
import { drawStandard } from './standard'
import { drawDate } from './time'

/** One seal: who, which, when, and its six facts. */
export function drawSeal(report: Report, index: number, texts: Texts): HTMLElement {
  const signature = report.signatures[index]
  const { seal } = texts
  return h(
    'article',
    { class: `seal ${signature.outcome}`, id: sealAnchor(index), tabindex: '-1' },
    h(
      'header',
      { class: 'seal-head' },
      outcomeIcon(signature.outcome),
      h('h2', {}, signature.id === null ? seal.foreign : seal.heading(index + 1, report.signatures.length)),
      h('span', { class: 'outcome-word' }, texts.outcome[signature.outcome]),
    ),
    drawFacts(signature, texts),
    h('h3', {}, texts.checks.heading),
    h('ul', { class: 'checks' }, ...signature.checks.map((check) => drawCheck(check, texts))),
    drawDetails(signature, report, texts),
  )
}

/** Where the frame on a page leads. */
export function sealAnchor(index: number): string {
  return `seal-${index + 1}`
}

/** Seal kind and name: the name alone where it says the kind already. */
export function sealTitle(signature: Pick<SignatureReport, 'sealKind' | 'sealName' | 'sealId'>, texts: Texts): string {
  const kind = signature.sealKind === null ? undefined : texts.seal.kinds[signature.sealKind]
  const name = signature.sealName ?? signature.sealId ?? undefined
  if (kind === undefined || name === undefined) return kind ?? name ?? texts.seal.notProven
  return name.includes(kind) ? name : `${name}${texts.seal.kindInBrackets(kind)}`
}

function drawFacts(signature: SignatureReport, texts: Texts): HTMLElement {
  const { seal } = texts
  const { recorded, provenTime, place } = signature
  const institution = institutionOf(signature, texts)
  const kind = signature.institutionKind ? seal.institutions[signature.institutionKind] : undefined
  return h(
    'dl',
    { class: 'facts' },
    institution?.proven
      ? row(seal.institution, h('strong', {}, foreign(institution.name)), kind && seal.kindInBrackets(kind))
      : row(seal.institution, claimOf(institution?.name ?? null, texts)),
    row(
      seal.kind,
      recorded === null ? claimOf(signature.sealId, texts) : h('strong', {}, foreign(sealTitle(signature, texts))),
    ),
    row(seal.provenTime, provenTime === null ? seal.notProven : drawTime(provenTime, texts)),
    row(seal.useNumber, recorded === null ? seal.notRecorded : seal.useNumberValue(recorded.useNumber)),
    row(seal.register, recorded === null ? seal.notProven : registerWords(recorded, texts)),
    ...(recorded === null ? [] : [row(seal.attestedBy, foreign(recorded.attestedBy.join(texts.comma)))]),
    ...(recorded?.block ? [row(seal.block, foreign(blockWords(recorded.block, texts)))] : []),
    ...drawRecognised(signature, texts),
    row(seal.where, place === null ? seal.nowhere : seal.place(place.page)),
  )
}

function blockWords({ carried, number, ...block }: RecordedBlock, { seal, comma }: Texts): string {
  if (!carried) return seal.blockNotCarried(number)
  const { orderers, endorsers, configuration, differs } = block
  const followed = configuration === null ? '' : seal.blockFollowed(configuration)
  const other = differs.length === 0 ? '' : seal.blockDiffers(differs.join(comma))
  return `${seal.blockValue(number, orderers.join(comma), endorsers.join(comma))}${followed}${other}`
}

/** What only the file says of itself. */
function claimOf(claim: string | null, { seal }: Texts): HTMLElement | string {
  return claim === null ? seal.notProven : h('span', {}, seal.claimBefore, foreign(claim), seal.claimAfter)
}

function drawTime(time: Time, texts: Texts): HTMLElement {
  return drawDate(dateOf(time), texts)
}

function drawCheck(check: Check, texts: Texts): HTMLElement {
  return drawFact(check, { name: texts.checks[check.check].name, sentence: sentenceOf(check, texts), texts })
}

function drawDetails(signature: SignatureReport, report: Report, texts: Texts): HTMLElement {
  const { details, seal } = texts
  const { recorded } = signature
  const code = (text: string | null) => h('code', {}, foreign(text ?? '—'))
  const table = checkTable(signature.checks, { nameOf: ({ check }) => texts.checks[check].name, texts })
  return h(
    'details',
    {},
    h('summary', {}, details.summary),
    table,
    h(
      'dl',
      { class: 'facts' },
      row(details.sub, code(signature.subIndication)),
      row(details.signer, foreign(signature.signer ?? '—')),
      row(details.field, foreign(signature.field), ' · ', seal.revision(signature.revision, report.file.revisions)),
      row(details.id, code(signature.id)),
      ...(recorded === null ? [] : drawRecorded(recorded, texts)),
    ),
    ...drawJudgements(signature, texts),
    ...drawStandard(signature, texts),
  )
}

function drawRecorded({ recordedAt, delaySeconds, index }: Recorded, texts: Texts): readonly HTMLElement[] {
  const { seal, details } = texts
  const delay = delaySeconds === null ? undefined : ` · ${seal.recordedAfter(describeSpan(delaySeconds, texts))}`
  const time = recordedAt === null ? seal.notProven : drawTime(recordedAt, texts)
  return [row(seal.recorded, time, delay), row(details.index, String(index))]
}

/** The register's word always goes with the number of entries that it is about. */
function registerWords({ sealStatus, asOfSize }: Recorded, { seal }: Texts): string {
  return sealStatus === null ? seal.asOf(asOfSize) : seal.registerStatus(seal.status[sealStatus], asOfSize)
}
