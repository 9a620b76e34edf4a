import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file whole or not at all; only its owner may read it. */
export function writeWhole(file, content) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const partial = `${file}.partial`
  writeFileSync(partial, content, { mode: 0o600 })
  renameSync(partial, file)
}

/** JSON, which every YAML reader takes too. */
export const writeJson = (file, value) => writeWhole(file, `${JSON.stringify(value, null, 2)}\n`)

/** @returns undefined when there is no such file. */
export const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

/** The DER of a PEM file's first certificate, in base64. */
export function certificateOf(file) {
  const [, body] = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(readFileSync(file, 'utf8'))
  return body.replaceAll(/\s/g, '')
}
