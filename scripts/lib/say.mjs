const SHOW_AFTER_MS = 1000
const REMIND_EVERY_MS = 30_000
const live = process.stdout.isTTY === true && process.env.CI === undefined

/** One line for people, on standard output. */
export const say = (text) => process.stdout.write(`${text}\n`)

/** `1.2 s`, `3 min 20 s`. */
export function duration(ms) {
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/**
 * Runs `work` and says how long it took; when it lasts over a second, shows that it is alive:
 * a counting line on a terminal, a reminder every half minute elsewhere.
 */
export async function step(title, work) {
  const began = performance.now()
  const stop = live ? spin(title, began) : remind(title, began)
  try {
    const result = await work()
    stop()
    const took = performance.now() - began
    if (took > SHOW_AFTER_MS) say(`✓ ${title} (${duration(took)})`)
    return result
  } catch (error) {
    stop()
    say(`✗ ${title} (${duration(performance.now() - began)})`)
    throw error
  }
}

function spin(title, began) {
  const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
  let turn = 0
  let drawn = false
  const timer = setInterval(() => {
    const took = performance.now() - began
    if (took < SHOW_AFTER_MS) return
    drawn = true
    process.stdout.write(`\r\x1b[2K${frames[turn++ % frames.length]} ${title} … ${duration(took)}`)
  }, 120)
  return () => {
    clearInterval(timer)
    if (drawn) process.stdout.write('\r\x1b[2K')
  }
}

function remind(title, began) {
  const first = setTimeout(() => say(`… ${title}`), SHOW_AFTER_MS)
  const later = setInterval(() => say(`… ${title}: ${duration(performance.now() - began)} so far`), REMIND_EVERY_MS)
  return () => {
    clearTimeout(first)
    clearInterval(later)
  }
}
