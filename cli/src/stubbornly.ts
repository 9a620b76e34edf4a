import { CliError } from './cli-error'
import type { Context } from './context'
import { EXIT } from './exit'
import { pause } from './wait'

const ATTEMPTS = 8
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5000

/**
 * Asks again while a gateway does not answer, or is too busy; for what may be asked more than once.
 * @throws whatever the last attempt, half a minute later, throws.
 */
export async function stubbornly<T>({ texts, voice }: Context, url: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof CliError) || error.exit !== EXIT.unavailable || attempt >= ATTEMPTS) throw error
      if (attempt === 1) voice.note(texts.note.askingAgain(url))
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS))
    }
  }
}
