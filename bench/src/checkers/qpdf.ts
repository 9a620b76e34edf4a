import { runCommand } from './command'
import { toolPath } from './tools'

/** `qpdf --check`: 0 sound, 2 errors, 3 only warnings. */
export interface QpdfAnswer {
  readonly exitCode: number
  /** One line for each warning or error, without the file's name. */
  readonly messages: readonly string[]
}

/** Checks a PDF's structure: cross-references, objects, streams; nothing about signatures. */
export async function qpdfCheck(pdf: string, timeoutMs = 30_000): Promise<QpdfAnswer> {
  const { exitCode, stderr } = await runCommand(toolPath('qpdf'), ['--check', pdf], timeoutMs)
  const messages = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('qpdf: operation succeeded with warnings'))
    .map((line) => line.replaceAll(pdf, '').trim())
  return { exitCode, messages }
}
