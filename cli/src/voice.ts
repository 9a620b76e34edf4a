import type { Surroundings } from './surroundings'

/** An error for programs, as RFC 9457 has it, with how the command exits. */
export interface CliProblem {
  /** `urn:cinnabar:problem:` and the code. */
  readonly type: string
  readonly code: string
  /** Of the gateway's answer, where there was one. */
  readonly status?: number
  readonly detail: string
  readonly advice?: string
  readonly exit: number
}

/** How the command speaks: results on standard output, all else on standard error. */
export interface Voice {
  /** The result for people, a line each. */
  print(lines: readonly string[]): void
  /** The result for programs. */
  json(value: unknown): void
  /** One of many results for programs, as they come: one line. */
  jsonLine(value: object): void
  /** Progress, remarks, refusals: one line. */
  note(line: string): void
  /** Why the command failed, for programs: one line of JSON on standard error. */
  problem(problem: CliProblem): void
  /** From now on this never appears, not even in an error that a gateway made up of it. */
  hide(secret: string): void
}

/** C0, C1, line and paragraph separators, marks that turn the direction of text: they can forge what a terminal shows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** A shorter secret would blacken ordinary words. */
const MIN_SECRET = 8

/** A voice on the given streams. Names from files and gateways are hostile: nothing in them can start a line. */
export function voiceOn(
  { stdout, stderr }: Pick<Surroundings, 'stdout' | 'stderr'>,
  { asJson }: { readonly asJson: boolean } = { asJson: false },
): Voice {
  const secrets: string[] = []
  const discreet = (text: string) => secrets.reduce((told, secret) => told.replaceAll(secret, '[…]'), text)
  const line = (text: string) => `${discreet(text).replace(CONTROLS, '\ufffd')}\n`
  const escaped = (text: string) => text.replace(CONTROLS, (one) => (one === '\n' ? one : escapeOf(one)))
  const jsonLine = (value: object) => `${escaped(discreet(JSON.stringify(value)))}\n`
  return {
    print: (lines) => {
      stdout.write(lines.map(line).join(''))
    },
    json: (value) => {
      stdout.write(`${escaped(JSON.stringify(value, null, 2))}\n`)
    },
    jsonLine: (value) => {
      stdout.write(jsonLine(value))
    },
    note: (text) => {
      stderr.write(asJson ? jsonLine({ note: text }) : line(text))
    },
    problem: (problem) => {
      stderr.write(jsonLine(problem))
    },
    hide: (secret) => {
      if (secret.length >= MIN_SECRET) secrets.push(secret)
    },
  }
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
