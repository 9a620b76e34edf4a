import { type Digest, parseTrust, type Trust, TrustFormat, utf8 } from '@cinnabar/core'

/** The trust file in use and where it came from. */
export interface TrustInUse {
  readonly trust: Trust
  readonly fingerprint: Digest
  readonly fileName: string
  /** `served` was pinned on first use; `own` was chosen by the reader. */
  readonly origin: 'own' | 'served'
  /** Whether this browser remembers it. */
  readonly kept: boolean
  /** Chosen in one go with a document, so perhaps sent by whoever sent the document. */
  readonly together: boolean
}

/** Reads a trust file. @throws FormatError unless it is the canonical record, with or without one LF after it. */
export function readTrust(bytes: Uint8Array): { readonly trust: Trust; readonly fingerprint: Digest } {
  const trust = parseTrust(bytes)
  return { trust, fingerprint: TrustFormat.digest(trust) }
}

/** Where a trust file is remembered between visits. */
export interface TrustShelf {
  load(): TrustInUse | undefined
  /** @returns whether it will be there next time. */
  save(trust: TrustInUse): boolean
  forget(): void
}

const KEY = 'cinnabar.trust'

/** A shelf in the browser's storage for this origin. What is stored there was chosen or pinned by this page. */
export function browserShelf(storage: () => Storage): TrustShelf {
  return {
    load: () => {
      try {
        return readStored(storage().getItem(KEY))
      } catch {
        // Unreadable storage is as good as none: the reader chooses again.
        return undefined
      }
    },
    save: ({ trust, fileName, origin }) => {
      try {
        const record = new TextDecoder().decode(TrustFormat.encode(trust))
        storage().setItem(KEY, JSON.stringify({ record, fileName, origin }))
        return true
      } catch {
        return false
      }
    },
    forget: () => {
      try {
        storage().removeItem(KEY)
      } catch (error) {
        console.warn(error)
      }
    },
  }
}

function readStored(text: string | null): TrustInUse | undefined {
  if (text === null) return undefined
  const { record, fileName, origin } = JSON.parse(text) as Readonly<Record<string, unknown>>
  if (typeof record !== 'string' || typeof fileName !== 'string') return undefined
  const read = readTrust(utf8(record))
  return { ...read, fileName, origin: origin === 'own' ? 'own' : 'served', kept: true, together: false }
}

/** Pages opened from disk share one storage with every other page on that disk: nothing is remembered there. */
export const noShelf: TrustShelf = { load: () => undefined, save: () => false, forget: () => undefined }
