import {
  base64,
  type Digest,
  digest,
  digestOf,
  FormatError,
  format,
  institutionId,
  integer,
  list,
  object,
  optional,
  pattern,
  type Schema,
  type TypeOf,
  text,
  time,
  utf8,
} from '@cinnabar/core'

/** An argument of a call, as it was: any text, also none. */
const argument: Schema<string> = (value, path) => {
  if (typeof value === 'string') return value
  throw new FormatError('FORMAT_INVALID', `${path}: expected a text`, { path })
}

/** One transaction of the embedded ledger: what was called by whom and what it wrote. Blocks chain by their digests. */
const blockSchema = object({
  arguments: list(argument, 16),
  caller: object({ institution: institutionId, role: optional(text(64)) }),
  function: text(64),
  /** From 0, without a gap. */
  number: integer(),
  /** Digest of the block before; of {@link chainOrigin} in the first. */
  previous: digest,
  time,
  transaction: text(128),
  type: pattern<'cinnabar.block.v1'>(/^cinnabar\.block\.v1$/, 'cinnabar.block.v1'),
  /** In the order of keys. */
  writes: list(object({ key: text(256), value: base64(4 << 20) }), 4096),
})
export type Block = TypeOf<typeof blockSchema>
export const BlockFormat = format<Block>(blockSchema, 16 << 20)

/** What the first block of a channel's chain follows. */
export function chainOrigin(channel: string): Digest {
  return digestOf(utf8(`cinnabar.chain.v1/${channel}`))
}
