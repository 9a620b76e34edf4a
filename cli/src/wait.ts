import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from './context'

const FIRST_MS = 1000
const EVERY_MS = 5000

/** Waits for `work`; after one second says what is waited for, and every five seconds that it still is. */
export async function whileWaiting<T>(context: Context, what: string, work: Promise<T>): Promise<T> {
  const { note } = context.voice
  const { texts } = context
  const started = context.surroundings.now().getTime()
  const seconds = () => Math.round((context.surroundings.now().getTime() - started) / 1000)
  let every: NodeJS.Timeout | undefined
  const first = setTimeout(() => {
    note(`${what}…`)
    every = setInterval(() => note(texts.note.stillWaiting(what, seconds())), EVERY_MS)
  }, FIRST_MS)
  try {
    return await work
  } finally {
    clearTimeout(first)
    clearInterval(every)
  }
}

/** Resolves after so many milliseconds. */
export async function pause(ms: number): Promise<void> {
  await sleep(ms)
}
