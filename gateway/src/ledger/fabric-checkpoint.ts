import { readFile } from 'node:fs/promises'
import { LedgerError } from '@cinnabar/core'
import { z } from 'zod'
import { writeWhole } from '../store/whole-file'

/** How far the events of a channel were heard: all before the block, and of the block all up to the transaction. */
export interface Position {
  readonly block: bigint
  readonly transaction?: string
}

const schema = z.object({
  type: z.literal('cinnabar.checkpoint.v1'),
  channel: z.string(),
  block: z.string().regex(/^\d{1,20}$/),
  transaction: z.string().optional(),
})

/**
 * Where a follower of this channel stopped.
 * @returns undefined when there is no file yet.
 * @throws {@link LedgerError} `CHECKPOINT_INVALID` for a file that is damaged or of another channel.
 */
export async function readCheckpoint(path: string, channel: string): Promise<Position | undefined> {
  const text = await textOf(path)
  if (text === undefined) return undefined
  const parsed = schema.safeParse(jsonOf(text))
  if (!parsed.success || parsed.data.channel !== channel) {
    throw new LedgerError('CHECKPOINT_INVALID', `${path} is no checkpoint of ${channel}`, { path, channel })
  }
  const { block, transaction } = parsed.data
  return { block: BigInt(block), transaction }
}

/** On the disk when this resolves. */
export async function writeCheckpoint(path: string, channel: string, { block, transaction }: Position): Promise<void> {
  const text = JSON.stringify({ type: 'cinnabar.checkpoint.v1', channel, block: String(block), transaction })
  await writeWhole(path, Buffer.from(`${text}\n`), 0o600)
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is no checkpoint either.
    return undefined
  }
}
