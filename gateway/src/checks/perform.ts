import { type Report, readPdf, sealSignatureIds, sortedMaterial, sourcesOf, verifyAcross } from '@cinnabar/core'
import type { Checks, PdfSource, Verification } from './checks'
import { bytesOf } from './pdf-source'
import { findPlace, type PlaceWish, prepareSeal, type SealPreparation } from './prepare-seal'

/** What each task takes. */
export interface Tasks {
  readonly sealSignatureIds: { readonly pdf: PdfSource }
  readonly pages: { readonly pdf: PdfSource }
  readonly verify: Verification
  readonly place: PlaceWish
  readonly prepare: SealPreparation
}

/** What each task gives. */
export type Answers = { readonly [T in keyof Tasks]: Awaited<ReturnType<Checks[T]>> }

/** The tasks themselves, done where they are called. */
const TASKS: { readonly [T in keyof Tasks]: (input: Tasks[T]) => Answers[T] | Promise<Answers[T]> } = {
  sealSignatureIds: ({ pdf }) => sealSignatureIds(bytesOf(pdf)),
  pages: ({ pdf }) => readPdf(bytesOf(pdf)).pages().length,
  verify,
  place: findPlace,
  prepare: prepareSeal,
}

function verify({ pdf, trust, lists = [], material = [], ...rest }: Verification): Promise<Report> {
  const sources = [...(trust ? [{ trust }] : []), ...lists.flatMap(sourcesOf)]
  return verifyAcross({ file: bytesOf(pdf), sources, material: sortedMaterial(material), ...rest })
}

/** Does a task, wherever that is. */
export type Perform = <T extends keyof Tasks>(task: T, input: Tasks[T]) => Promise<Answers[T]>

/** Does the task in this thread. */
export const perform: Perform = async (task, input) => TASKS[task](input)

/** Who does the tasks: strangers' files apart from users', and what was acknowledged is turned away by no queue. */
export interface Performers {
  readonly strangers: Perform
  readonly users: Perform
  readonly acknowledged: Perform
}

/** {@link Checks} by whatever does their tasks. */
export function checksBy({ strangers, users, acknowledged }: Performers, close: () => Promise<void>): Checks {
  return {
    sealSignatureIds: (pdf) => strangers('sealSignatureIds', { pdf }),
    verify: (verification) => strangers('verify', verification),
    pages: (pdf) => users('pages', { pdf }),
    place: (wish) => users('place', wish),
    prepare: (preparation) => acknowledged('prepare', preparation),
    close,
  }
}

/** {@link Checks} in this thread, without limits: for small files, for tests, and where the sources run uncompiled. */
export function checksHere(): Checks {
  return checksBy({ strangers: perform, users: perform, acknowledged: perform }, async () => undefined)
}
