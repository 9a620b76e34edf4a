import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { Digest } from '@cinnabar/core'

/** A setting read: its value, or what was wanted instead. */
export type Reading<T> = { readonly value: T } | { readonly wanted: string }

/** One environment variable: what it is called, what it takes, what it means, and how it is read. */
export interface Setting<T = unknown> {
  /** As text; empty when there is none. */
  readonly fallback: string
  /** What it is counted in or consists of; a setting counted in a unit of time or size has it in its name, too. */
  readonly unit: string
  /** What is accepted, for people; empty where the unit says it all. */
  readonly range: string
  readonly en: string
  readonly zh: string
  read(text: string): Reading<T>
}

/** The words about a setting, in both languages. */
export type Told = Pick<Setting, 'en' | 'zh'>

/** A QR code holds 200 characters: this address, `/s/` and an id of 32. */
const MAX_PUBLIC_URL = 165

/** What a number is counted in, and between what it lies. */
interface Bounds {
  readonly fallback: number
  readonly unit: string
  readonly min: number
  readonly max: number
}

/** A whole number. */
export function wholeNumber({ fallback, unit, min, max }: Bounds, told: Told): Setting<number> {
  const wanted = `a whole number from ${min} to ${max}`
  return {
    ...told,
    fallback: String(fallback),
    unit,
    range: `${min}–${max}`,
    read: (text) =>
      /^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max ? { value: Number(text) } : { wanted },
  }
}

/** One of some words; the first is the fallback unless another is given. */
export function oneOf<const T extends string>(words: readonly T[], told: Told, fallback = words[0]): Setting<T> {
  return {
    ...told,
    fallback,
    unit: words.join(' '),
    range: '',
    read(text) {
      const value = words.find((one) => one === text)
      return value === undefined ? { wanted: words.join(' or ') } : { value }
    },
  }
}

/** Any text that is not empty. */
export function plainText(unit: string, fallback: string, told: Told): Setting<string> {
  return { ...told, fallback, unit, range: '', read: (value) => ({ value }) }
}

/** A file or folder; it becomes an absolute path. */
export function path(unit: 'file' | 'folder', fallback: string, told: Told): Setting<string> {
  return { ...told, fallback, unit, range: '', read: (text) => ({ value: resolve(text) }) }
}

/** A setting that may be left out. */
export function optional<T>(setting: Setting<T>): Setting<T | undefined> {
  return { ...setting, fallback: '', read: (text) => (text === '' ? { value: undefined } : setting.read(text)) }
}

/** A file that need not be given. */
export function optionalFile(told: Told): Setting<string | undefined> {
  return optional(path('file', '', told))
}

/** Files with commas between; none where it is left out. */
export function files(told: Told): Setting<readonly string[]> {
  return {
    ...told,
    fallback: '',
    unit: 'files',
    range: '',
    read: (text) => ({ value: textsOf(text).map((one) => resolve(one)) }),
  }
}

/** SHA-256 digests with commas between; none where it is left out. */
export function digests(told: Told): Setting<readonly Digest[]> {
  const wanted = 'digests such as sha256: and 64 hexadecimal digits'
  return {
    ...told,
    fallback: '',
    unit: 'digests',
    range: '',
    read(text) {
      const list = textsOf(text).filter(isDigest)
      return list.length === textsOf(text).length ? { value: list } : { wanted }
    },
  }
}

/** Object identifiers with commas between; none where it is left out. */
export function objectIdentifiers(told: Told): Setting<readonly string[]> {
  const wanted = 'object identifiers such as 2.16.344.8.2'
  return {
    ...told,
    fallback: '',
    unit: 'OIDs',
    range: '',
    read: (text) => (textsOf(text).every(isObjectIdentifier) ? { value: textsOf(text) } : { wanted }),
  }
}

function isObjectIdentifier(text: string): boolean {
  return /^[0-2](?:\.(?:0|[1-9]\d{0,38})){1,31}$/.test(text)
}

function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text)
}

function textsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/\s*,\s*/)
}

/** An address of the web, without a final slash. */
export function webAddress(told: Told): Setting<string | undefined> {
  const wanted = `an http or https address of at most ${MAX_PUBLIC_URL} characters`
  return optional({
    ...told,
    fallback: '',
    unit: 'URL',
    range: '',
    read(text) {
      const url = URL.canParse(text) ? new URL(text) : undefined
      const address = url?.href.replace(/\/+$/, '') ?? ''
      const plain = url !== undefined && url.search + url.hash + url.username + url.password === ''
      const fits = plain && /^https?:$/.test(url.protocol) && address.length <= MAX_PUBLIC_URL
      return fits ? { value: address } : { wanted }
    },
  })
}

/** Addresses and networks with commas between; none where it is left out. */
export function networks(told: Told): Setting<readonly string[]> {
  const wanted = 'addresses and networks such as 10.0.0.1,192.168.0.0/16'
  return {
    ...told,
    fallback: '',
    unit: 'addresses',
    range: '',
    read(text) {
      const list = textsOf(text)
      return list.every(isNetwork) ? { value: list } : { wanted }
    },
  }
}

/** Proxies in front: how many, or their addresses and networks. */
export function proxies(told: Told): Setting<number | readonly string[] | undefined> {
  const wanted = 'a number of proxies from 1 to 9, or addresses such as 10.0.0.1,192.168.0.0/16'
  return optional<number | readonly string[]>({
    ...told,
    fallback: '',
    unit: 'number or addresses',
    range: '',
    read(text) {
      const list = text.split(/\s*,\s*/)
      if (list.every(isNetwork)) return { value: list }
      return /^[1-9]$/.test(text) ? { value: Number(text) } : { wanted }
    },
  })
}

function isNetwork(text: string): boolean {
  const [, address, bits] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address ?? '')
  return version !== 0 && Number(bits ?? 1) > 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128)
}
