import { build } from './build.mjs'
import { install } from './install.mjs'
import { showOutput } from './run.mjs'

/** Installs and builds what is missing; ends the process with status 1 when that fails. */
export async function prepare() {
  try {
    await install()
    await build()
  } catch (error) {
    showOutput(error)
    process.exit(1)
  }
}
