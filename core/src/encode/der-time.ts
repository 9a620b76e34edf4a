import { DerError, type DerNode, TAG } from './der'
import { asciiText } from './der-values'

/** A point in UTC as an ASN.1 time gives it. */
export interface DerTime {
  /** To the millisecond; finer digits are cut off. */
  readonly date: Date
  /** `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, with exactly the fraction's digits. */
  readonly text: string
}

/** X.690 11.7: Zulu, seconds present, a fraction only with digits and no trailing zero. */
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{0,17}[1-9])?Z$/
/** X.690 11.8: Zulu, seconds present. */
const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/

function toTime(text: string): DerTime {
  const date = new Date(`${text.slice(0, 19)}${text.slice(19, -1).slice(0, 4)}Z`)
  // The round trip refuses 30 February and the like, which Date would carry over.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 19) !== text.slice(0, 19)) {
    throw new DerError('DER_INVALID', 'no such time')
  }
  return { date, text }
}

/** @throws {@link DerError} `DER_INVALID` unless the node is a GeneralizedTime as DER writes it. */
export function readGeneralizedTime(node: DerNode): DerTime {
  const parts = node.tag === TAG.generalizedTime ? GENERALIZED.exec(asciiText(node.content)) : null
  if (parts === null) throw new DerError('DER_INVALID', 'expected a GeneralizedTime in UTC')
  const [, year, month, day, hour, minute, second, fraction] = parts
  return toTime(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction ?? ''}Z`)
}

/**
 * RFC 5280 4.1.2.5.  Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }
 * Years 50 to 99 of a UTCTime are of the 20th century.
 * @throws {@link DerError} `DER_INVALID` unless it is either, in UTC and whole seconds.
 */
export function readX509Time(node: DerNode): Date {
  if (node.tag === TAG.utcTime) {
    const parts = UTC.exec(asciiText(node.content))
    if (parts === null) throw new DerError('DER_INVALID', 'expected a UTCTime in UTC')
    const [, year, month, day, hour, minute, second] = parts
    const century = Number(year) < 50 ? '20' : '19'
    return toTime(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`).date
  }
  const time = readGeneralizedTime(node)
  if (time.text.length !== 20) throw new DerError('DER_INVALID', 'certificate times have no fraction')
  return time.date
}
