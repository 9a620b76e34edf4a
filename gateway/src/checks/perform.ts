import { readPdf, sealSignatureIds, verifyFile } from '@cinnabar/core'
import type { Checks, Verification } from './checks'

/** What each task takes. */
export interface Tasks {
  readonly sealSignatureIds: { readonly pdf: Uint8Array }
  readonly pages: { readonly pdf: Uint8Array }
  readonly verify: Verification
}

/** What each task gives. */
export type Answers = { readonly [T in keyof Tasks]: Awaited<ReturnType<Checks[T]>> }

/** The tasks themselves, done where they are called. */
const TASKS: { readonly [T in keyof Tasks]: (input: Tasks[T]) => Answers[T] | Promise<Answers[T]> } = {
  sealSignatureIds: ({ pdf }) => sealSignatureIds(pdf),
  pages: ({ pdf }) => readPdf(pdf).pages().length,
  verify: ({ pdf, ...rest }) => verifyFile({ file: pdf, ...rest }),
}

/** Does a task, wherever that is. */
export type Perform = <T extends keyof Tasks>(task: T, input: Tasks[T]) => Promise<Answers[T]>

/** Does the task in this thread. */
export const perform: Perform = async (task, input) => TASKS[task](input)

/** {@link Checks} by whatever does their tasks: strangers' files apart from users'. */
export function checksBy(strangers: Perform, users: Perform, close: () => Promise<void>): Checks {
  return {
    sealSignatureIds: (pdf) => strangers('sealSignatureIds', { pdf }),
    verify: (verification) => strangers('verify', verification),
    pages: (pdf) => users('pages', { pdf }),
    close,
  }
}

/** {@link Checks} in this thread, without limits: for small files, for tests, and where the sources run uncompiled. */
export function checksHere(): Checks {
  return checksBy(perform, perform, async () => undefined)
}
