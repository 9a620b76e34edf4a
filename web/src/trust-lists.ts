import {
  acceptTrustList,
  CodedError,
  claimedList,
  type Digest,
  digestOf,
  fromBase64,
  listKeyOf,
  parseTrustList,
  type TrustList,
  TrustListError,
  utf8,
} from '@cinnabar/core'
import type { ChosenFile } from './files'
import type { Problem } from './state'

/** A published list that the reader chose, as its publisher signed it. */
export interface ListChosen {
  readonly list: TrustList
  /** Digest of the publisher's key. */
  readonly key: Digest
  /** The signed list as text: canonical JSON. */
  readonly record: string
  readonly fileName: string
  /** Chosen in one go with a document, so perhaps sent by whoever sent the document. */
  readonly together: boolean
}

/** The lists that the page knows. */
export interface Lists {
  /** Judged by; one of each publisher. */
  readonly used: readonly ListChosen[]
  /** Of publishers whose key the reader has not said to be right. */
  readonly waiting: readonly ListChosen[]
  /** Keys that the reader said to be right. */
  readonly keys: readonly Digest[]
  /** Whether this browser remembers those in use. */
  readonly kept: boolean
}

export const NO_LISTS: Lists = { used: [], waiting: [], keys: [], kept: false }

/** What was chosen in one go. */
export interface ListFiles {
  readonly files: readonly ChosenFile[]
  readonly keys: readonly Digest[]
  readonly together: boolean
}

/** Takes lists and keys that the reader chose. What is forged, expired or older than the one in use is a problem, and changes nothing. */
export async function takeLists(
  lists: Lists,
  { files, keys, together }: ListFiles,
  at: Date,
): Promise<{ readonly lists: Lists; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = []
  let now: Lists = { ...lists, keys: [...new Set([...lists.keys, ...keys])] }
  for (const file of files) {
    try {
      now = waitingFor(now, { ...(await readList(file, now, at)), together })
    } catch (error) {
      if (!(error instanceof TrustListError)) throw error
      problems.push({ code: 'listRefused', name: file.name, why: error.code })
    }
  }
  return { lists: settled(now), problems }
}

/** The reader says that this key is its publisher's. */
export function trustKey(lists: Lists, key: Digest): Lists {
  return settled({ ...lists, keys: [...lists.keys, key] })
}

/** The reader wants nothing of this publisher. */
export function forgetKey({ used, waiting, keys, kept }: Lists, key: Digest): Lists {
  const others = (list: ListChosen) => list.key !== key
  return { kept, used: used.filter(others), waiting: waiting.filter(others), keys: keys.filter((one) => one !== key) }
}

/** A key in a file: its digest as text, or the public key itself in PEM. @returns undefined for anything else. */
export function keyIn(bytes: Uint8Array): Digest | undefined {
  if (bytes.length > MAX_KEY_BYTES) return undefined
  const text = new TextDecoder('latin1').decode(bytes).trim()
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text as Digest
  const [, body] = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/.exec(text) ?? []
  if (body === undefined) return undefined
  try {
    return digestOf(fromBase64(body.replace(/\s/g, '')))
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}

const MAX_KEY_BYTES = 2048

async function readList({ name: fileName, bytes }: ChosenFile, { used }: Lists, at: Date) {
  // Whether the reader means this key's owner, is asked afterwards.
  const key = listKeyOf(claimedList(bytes))
  const seen = used.find((one) => one.key === key)?.list
  const list = await acceptTrustList(bytes, { keys: [key], at, ...(seen && { seen }) })
  return { list, key, fileName, record: new TextDecoder().decode(bytes).trimEnd() }
}

function waitingFor(lists: Lists, chosen: ListChosen): Lists {
  return { ...lists, waiting: [...lists.waiting.filter(({ key }) => key !== chosen.key), chosen] }
}

function settled({ used, waiting, keys, kept }: Lists): Lists {
  const known = waiting.filter(({ key }) => keys.includes(key))
  const replaced = new Set(known.map(({ key }) => key))
  return {
    kept,
    keys,
    used: [...used.filter(({ key }) => !replaced.has(key)), ...known],
    waiting: waiting.filter(({ key }) => !replaced.has(key)),
  }
}

/** Where lists are remembered between visits. */
export interface ListShelf {
  load(): Lists
  /** @returns whether they will be there next time. */
  save(lists: Lists): boolean
}

const KEY = 'cinnabar.lists'

/** A shelf in the browser's storage for this origin: what is there, this page put there after the reader had said so. */
export function browserListShelf(storage: () => Storage): ListShelf {
  return {
    load: () => {
      try {
        return readStored(storage().getItem(KEY))
      } catch {
        // Unreadable storage is as good as none: the reader chooses again.
        return NO_LISTS
      }
    },
    save: ({ used }) => {
      try {
        const stored = used.map(({ record, fileName }) => ({ record, fileName }))
        storage().setItem(KEY, JSON.stringify(stored))
        return true
      } catch {
        return false
      }
    },
  }
}

function readStored(text: string | null): Lists {
  const stored: unknown = JSON.parse(text ?? '[]')
  if (!Array.isArray(stored)) return NO_LISTS
  const used = stored.map(({ record, fileName }): ListChosen => {
    const { list } = parseTrustList(utf8(String(record)))
    const key = listKeyOf(list)
    return { list, key, record: String(record), fileName: String(fileName), together: false }
  })
  return { used, waiting: [], keys: used.map(({ key }) => key), kept: true }
}

/** Nothing is remembered by a page that runs from disk. */
export const noListShelf: ListShelf = { load: () => NO_LISTS, save: () => false }
