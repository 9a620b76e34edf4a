import { type Answers, perform, type Tasks } from './perform'
import { type Refusal, readRefusal } from './refusal'

/** What a worker is sent. */
export interface WorkerTask {
  readonly task: keyof Tasks
  readonly input: Tasks[keyof Tasks]
}

/** What it answers with: the answer, the refusal of the file, or what nobody foresaw. */
export type WorkerAnswer =
  | { readonly answer: Answers[keyof Tasks] }
  | { readonly refusal: Refusal }
  | { readonly fault: string }

process.on('message', async (task: WorkerTask) => {
  process.send?.(await outcomeOf(task))
})

async function outcomeOf({ task, input }: WorkerTask): Promise<WorkerAnswer> {
  try {
    return { answer: await perform(task, input as Tasks[typeof task]) }
  } catch (error) {
    const refusal = readRefusal(error)
    return refusal === undefined ? { fault: String(error instanceof Error ? error.stack : error) } : { refusal }
  }
}
