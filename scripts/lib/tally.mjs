import { run, showOutput } from './run.mjs'
import { say, step } from './say.mjs'

/** Counts outcomes over a whole run and closes it with one line. */
export class Tally {
  passed = 0
  failed = []
  skipped = []

  add({ passed, failed, skipped }) {
    this.passed += passed
    this.failed.push(...failed)
    this.skipped.push(...skipped)
  }

  /** Work that counts as one test; shows the output when it fails. */
  async one(title, work) {
    try {
      await step(title, work)
      this.passed++
    } catch (error) {
      showOutput(error)
      this.failed.push(title)
    }
  }

  /** Our own Node commands as one test. */
  command(title, ...commands) {
    return this.one(title, async () => {
      for (const command of commands) await run(process.execPath, command)
    })
  }

  /** Names what failed, prints `N passed, N failed` as the last line, and ends the process: 1 when anything failed. */
  close() {
    for (const name of this.failed) say(`FAILED: ${name}`)
    const skipped = this.skipped.length > 0 ? `, ${this.skipped.length} skipped` : ''
    say(`${this.passed} passed, ${this.failed.length} failed${skipped}`)
    process.exitCode = this.failed.length > 0 ? 1 : 0
  }
}
