import type { Names, Report, Time, Trust } from '@cinnabar/core'
import { ARTICLES, type Article } from './articles'
import { consistency } from './consistency'
import { folderOf } from './folder'
import { experts, origin, system, technique } from './not-from-the-file'
import { neutrality, platform } from './parties'

/** What stands behind a fact: this verification proved it, refuted it or could not; or it is stated, and is to be shown otherwise. */
export type Standing = 'proven' | 'refuted' | 'open' | 'stated'

/** One point that a court decides on. */
export interface CourtPoint {
  readonly title: Names
  readonly standing: Standing
  readonly fact: Names
  /** Files of the reader's folder that show it; empty where none does. */
  readonly evidence: readonly string[]
  /** Commands that redo it, each as it is run in that folder. */
  readonly redo: readonly string[]
}

/** The points of one article of the PRC Online Litigation Rules (人民法院在线诉讼规则, 2021). */
export interface CourtSection extends Article {
  readonly points: readonly CourtPoint[]
}

/** A report for a court, in the order in which it decides. */
export interface CourtReport {
  readonly report: Report
  readonly fileName: string
  readonly madeAt: Time
  /** The institution that made it, and whose seal it bears. */
  readonly madeBy: Names
  readonly trustName: Names | null
  /** Where the file lies in the reader's folder, and the commands that make the folder ready. */
  readonly document: string
  readonly setUp: readonly string[]
  readonly sections: readonly CourtSection[]
}

/** What the report is made from. */
export interface CourtCase extends Pick<CourtReport, 'report' | 'fileName' | 'madeAt' | 'madeBy'> {
  readonly trust?: Trust
}

/** Lays a verification out for a court. It adds nothing to what was verified, and says of what was not that it was not. */
export function courtReport({ trust, ...given }: CourtCase): CourtReport {
  const { report } = given
  const folder = folderOf(report, given)
  const { document, setUp } = folder
  return {
    ...given,
    trustName: trust?.name ?? null,
    document,
    setUp,
    sections: [
      { ...ARTICLES.consistency, points: consistency(report, folder) },
      { ...ARTICLES.platform, points: platform(report, trust) },
      { ...ARTICLES.neutrality, points: neutrality(report, { trusted: trust, folder }) },
      { ...ARTICLES.system, points: system() },
      { ...ARTICLES.technique, points: technique(report, folder) },
      { ...ARTICLES.origin, points: origin(report) },
      { ...ARTICLES.experts, points: experts(folder) },
    ],
  }
}
