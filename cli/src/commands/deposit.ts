import { randomBytes } from 'node:crypto'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { type Deposited, followDeposits, keyOf, MAX_DEPOSITS, requestDeposits } from '../deposits'
import { digestOfFile } from '../digest-file'
import { EXIT, type Exit } from '../exit'
import { requireAccess } from '../session'
import { isOpenLine } from '../url'
import { watchFolder } from '../watch-folder'

/** What `cinnabar deposit` was told. */
export interface DepositOptions {
  readonly wait?: 'anchored'
  readonly watch?: string
  readonly json?: boolean
}

/**
 * Has a gateway record files by their digests; the files themselves stay here.
 * @throws {@link CliError} when a file cannot be read: nothing was deposited; when a deposit was refused or failed.
 */
export async function depositFiles(context: Context, paths: readonly string[], options: DepositOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  if (options.watch === undefined && paths.length === 0) throw new CliError('NOTHING_TO_DEPOSIT')
  if (options.watch !== undefined && paths.length > 0) throw new CliError('WATCH_ALONE')
  const access = await requireAccess(context)
  if (isOpenLine(access.url)) voice.note(texts.note.openLine(access.url))
  if (options.watch !== undefined) return watchFolder(context, access, { path: options.watch, json: options.json })
  const files: Deposited[] = []
  for (const path of paths) files.push({ path, digest: await digestOfFile(path, surroundings) })
  const told: object[] = []
  for (let at = 0; at < files.length; at += MAX_DEPOSITS) {
    const some = files.slice(at, at + MAX_DEPOSITS)
    const key = keyOf(some, randomBytes(16).toString('hex'))
    const job = await requestDeposits(context, access, {
      files: some,
      key,
      ...(options.wait && { wait: options.wait }),
    })
    if (options.wait !== undefined) await followDeposits(context, access, job)
    const state = options.wait ?? job.state
    some.forEach(({ path, digest }, i) => {
      const { id = '' } = job.deposits[i] ?? {}
      told.push({ file: path, digest, id, job: job.id, state: options.wait ?? job.deposits[i]?.state })
      if (!options.json) voice.print([texts.deposited(path, id, state)])
    })
  }
  if (options.json) voice.json({ deposits: told })
  return EXIT.passed
}
