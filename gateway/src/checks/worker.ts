import { parentPort } from 'node:worker_threads'
import { PdfError, type PdfErrorCode } from '@cinnabar/core'
import { type Answers, perform, type Tasks } from './perform'

/** What a worker is sent. */
export interface WorkerTask {
  readonly task: keyof Tasks
  readonly input: Tasks[keyof Tasks]
}

/** What a worker answers with; every other error ends it. */
export type WorkerAnswer =
  | { readonly answer: Answers[keyof Tasks] }
  | {
      readonly refusal: {
        readonly code: PdfErrorCode
        readonly message: string
        readonly details: PdfError['details']
      }
    }

parentPort?.on('message', async (task: WorkerTask) => {
  const outcome = await outcomeOf(task)
  // The bytes move back: nothing here needs them any more.
  const pdf = 'answer' in outcome && 'pdf' in outcome.answer ? [outcome.answer.pdf.buffer as ArrayBuffer] : []
  parentPort?.postMessage(outcome, pdf)
})

async function outcomeOf({ task, input }: WorkerTask): Promise<WorkerAnswer> {
  try {
    return { answer: await perform(task, input as Tasks[typeof task]) }
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
    const { code, message, details } = error
    return { refusal: { code, message, details } }
  }
}
