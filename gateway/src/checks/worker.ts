import { PdfError, type PdfErrorCode } from '@cinnabar/core'
import { type Answers, perform, type Tasks } from './perform'

/** What a worker is sent. */
export interface WorkerTask {
  readonly task: keyof Tasks
  readonly input: Tasks[keyof Tasks]
}

/** What it answers with: the answer, the refusal of the file, or what nobody foresaw. */
export type WorkerAnswer =
  | { readonly answer: Answers[keyof Tasks] }
  | {
      readonly refusal: {
        readonly code: PdfErrorCode
        readonly message: string
        readonly details: PdfError['details']
      }
    }
  | { readonly fault: string }

process.on('message', async (task: WorkerTask) => {
  process.send?.(await outcomeOf(task))
})

async function outcomeOf({ task, input }: WorkerTask): Promise<WorkerAnswer> {
  try {
    return { answer: await perform(task, input as Tasks[typeof task]) }
  } catch (error) {
    if (!(error instanceof PdfError)) return { fault: String(error instanceof Error ? error.stack : error) }
    const { code, message, details } = error
    return { refusal: { code, message, details } }
  }
}
