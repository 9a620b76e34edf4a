import {
  acceptTrustList,
  CodedError,
  claimedList,
  type Digest,
  digestOf,
  listKeyOf,
  type RecognisedConsortium,
  type Signer,
  signTrustList,
  TrustFormat,
  type TrustList,
  TrustListError,
  timeOf,
  utf8,
} from '@cinnabar/core'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { readInput } from '../input-file'
import { draftList } from '../list-draft'
import { newListKey, openListKey, readListKey } from '../list-key'
import { keepPrivately, requireFree, writeWhole } from '../output-file'
import { publishedListPath, trustListPath } from '../places'
import { askSecret, secretFromInput } from '../prompt'
import { MAX_TRUST_BYTES, parsedTrust } from '../trust'
import { keptList, refusedList } from '../trust-lists'

interface Options {
  readonly json?: boolean
}

/** What `cinnabar lists key` was told. */
export interface KeyOptions extends Options {
  readonly output: string
  readonly passphraseStdin?: boolean
}

/** What `cinnabar lists publish` was told. */
export interface PublishOptions extends Options {
  readonly output: string
  readonly key: string
  readonly expires: Date
  readonly previous?: string
  readonly name?: string
  readonly nameZh?: string
  readonly operator?: string
  readonly operatorZh?: string
  readonly add?: readonly string[]
  readonly policy?: readonly string[]
  readonly withdraw?: readonly string[]
  readonly from?: Date
  readonly remove?: readonly string[]
  readonly number?: number
  readonly issued?: Date
  readonly passphraseStdin?: boolean
  readonly force?: boolean
}

/** What `cinnabar lists show` was told. */
export interface ShowOptions extends Options {
  readonly listKey?: readonly string[]
}

/** Makes an operator's key. The private half is written encrypted, and nowhere else. */
export async function makeKey(context: Context, { output, passphraseStdin, json }: KeyOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  await requireFree({ path: output }, surroundings)
  const passphrase = await newPassphrase(context, passphraseStdin === true)
  const { pem, signer } = newListKey(passphrase)
  await writeWhole({ path: output, mode: 0o600 }, utf8(pem), surroundings)
  const key = digestOf(signer.spki)
  if (json) voice.json({ path: output, key })
  else voice.print(texts.note.listKeyMade(output, key))
  return EXIT.passed
}

/** Signs and writes the next version of a list, and remembers it, so that no number is ever used twice. */
export async function publishList(context: Context, options: PublishOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  await requireFree({ path: options.output, ...(options.force && { force: true }) }, surroundings)
  const signer = await signerFor(context, options)
  const key = digestOf(signer.spki)
  const place = publishedListPath(surroundings, key)
  const previous = await previousList(context, options.previous, key)
  const last = Math.max(previous?.sequence ?? 0, (await keptList(context, place))?.sequence ?? 0)
  const list = await nextList(context, options, { signer, previous, last })
  const bytes = await signed(list, signer)
  await keepPrivately(place, bytes)
  await writeWhole({ path: options.output, ...(options.force && { force: true }) }, bytes, surroundings)
  if (options.json) voice.json({ path: options.output, key, digest: digestOf(bytes), sequence: list.sequence })
  else voice.print([...linesOf(context, list), ...texts.note.listPublished(options.output, list.sequence, key)])
  return EXIT.passed
}

/** Shows what a list says. Nothing is remembered of it. */
export async function showList(context: Context, path: string, { listKey = [], json }: ShowOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  const bytes = await readInput(path, MAX_TRUST_BYTES, surroundings)
  const list = parsedList(bytes, path)
  const key = listKeyOf(list)
  const seen = await keptList(context, trustListPath(surroundings, key))
  const refusal = await refusalOf(bytes, { key, seen, at: surroundings.now() })
  const pinned = seen !== undefined || listKey.includes(key)
  if (json) voice.json({ list, key, pinned, code: refusal?.code ?? 'OK' })
  else {
    const state = refusal ? texts.list.listRefused(refusal.code, refusal.message) : undefined
    voice.print([...linesOf(context, list), state ?? texts.list.listState[pinned ? 'pinned' : 'unpinned']])
  }
  return refusal === undefined ? EXIT.passed : EXIT.failed
}

interface Held {
  readonly key: Digest
  readonly seen: TrustList | undefined
  readonly at: Date
}

/** Why the list would not be taken even by who pins its key. */
async function refusalOf(bytes: Uint8Array, { key, seen, at }: Held): Promise<TrustListError | undefined> {
  try {
    await acceptTrustList(bytes, { keys: [key], at, ...(seen && { seen }) })
    return undefined
  } catch (cause) {
    if (cause instanceof TrustListError) return cause
    throw cause
  }
}

function parsedList(bytes: Uint8Array, path: string): TrustList {
  try {
    return claimedList(bytes)
  } catch (cause) {
    throw cause instanceof TrustListError ? refusedList(path, cause) : cause
  }
}

/** @throws {@link CliError} `TRUST_LIST_REFUSED` for a list that is forged, or another operator's. */
async function previousList({ surroundings }: Context, path: string | undefined, key: Digest) {
  if (path === undefined) return undefined
  const bytes = await readInput(path, MAX_TRUST_BYTES, surroundings)
  const list = parsedList(bytes, path)
  try {
    // It may have expired meanwhile: that is why there is a next one.
    return await acceptTrustList(bytes, { keys: [key], at: new Date(list.issued) })
  } catch (cause) {
    throw cause instanceof TrustListError ? refusedList(path, cause) : cause
  }
}

interface Before {
  readonly signer: Signer
  readonly previous: TrustList | undefined
  /** The highest version of this key. */
  readonly last: number
}

async function nextList(
  context: Context,
  options: PublishOptions,
  { signer, previous, last }: Before,
): Promise<TrustList> {
  const { number = last + 1, add = [], policy = [], withdraw = [], remove = [] } = options
  if (number <= last) throw new CliError('LIST_VERSION_NOT_HIGHER', { version: number, last })
  const now = context.surroundings.now()
  const time = (at: Date | undefined) => timeOf(at ?? now)
  return draftList(signer.spki, previous, {
    names: {
      list: { en: options.name, zh: options.nameZh },
      operator: { en: options.operator, zh: options.operatorZh },
    },
    added: await Promise.all(add.map((one) => addition(context, one))),
    policies: policy,
    withdrawn: withdraw,
    withdrawnAt: time(options.from),
    removed: remove,
    sequence: number,
    issued: time(options.issued),
    expires: timeOf(options.expires),
  })
}

/** `REGION=FILE`. */
async function addition({ surroundings }: Context, one: string) {
  const [, region, path] = /^([^=]+)=(.+)$/.exec(one) ?? []
  if (path === undefined) throw new CliError('LIST_CHANGE_INVALID', { what: `--add ${one}` })
  const { trust } = parsedTrust(await readInput(path, MAX_TRUST_BYTES, surroundings), path)
  return { region, trust }
}

async function signed(list: TrustList, signer: Signer): Promise<Uint8Array> {
  try {
    return await signTrustList(list, signer)
  } catch (cause) {
    if (cause instanceof CodedError) throw new CliError('LIST_CHANGE_INVALID', { what: cause.message }, cause)
    throw cause
  }
}

async function signerFor(context: Context, { key, passphraseStdin }: PublishOptions): Promise<Signer> {
  const { surroundings, texts, voice } = context
  const pem = await readListKey(key, surroundings)
  const passphrase = passphraseStdin
    ? await secretFromInput(surroundings)
    : await askSecret(surroundings, texts.note.passphraseQuestion)
  voice.hide(passphrase)
  return openListKey(pem, passphrase, key)
}

async function newPassphrase({ surroundings, texts, voice }: Context, fromInput: boolean): Promise<string> {
  const passphrase = fromInput
    ? await secretFromInput(surroundings)
    : await askSecret(surroundings, texts.note.newPassphraseQuestion)
  if (passphrase === '') throw new CliError('PASSWORD_EMPTY')
  voice.hide(passphrase)
  if (!fromInput && (await askSecret(surroundings, texts.note.passphraseAgain)) !== passphrase) {
    throw new CliError('PASSPHRASES_DIFFER')
  }
  return passphrase
}

function linesOf({ texts }: Context, list: TrustList): readonly string[] {
  const consortium = (one: RecognisedConsortium) => [
    ...texts.list.consortium(one, TrustFormat.digest(one.trust)),
    ...one.policies.map(({ institution, oids }) => texts.list.policy(institution, oids)),
  ]
  return [...texts.list.trustList(list, listKeyOf(list)), ...list.consortia.flatMap(consortium)]
}
