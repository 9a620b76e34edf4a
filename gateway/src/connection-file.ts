import { readFileSync } from 'node:fs'

/** Reads the connection file (network/README.md) and the files that it names. */
export interface ConnectionReader {
  json(path: string): unknown
  text(path: string): string
}

/** @param refusal - the error of whoever reads, thrown for a file that cannot be read or is no JSON. */
export function connectionReader(refusal: (path: string, why: string, cause: unknown) => Error): ConnectionReader {
  const text = (path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch (cause) {
      throw refusal(path, 'cannot be read', cause)
    }
  }
  const json = (path: string): unknown => {
    const written = text(path)
    try {
      return JSON.parse(written)
    } catch (cause) {
      throw refusal(path, 'not JSON', cause)
    }
  }
  return { json, text }
}
