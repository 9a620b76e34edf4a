import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseTrust, type VerifyRequest, verify } from '@cinnabar/core'
import { timesOf } from './statistics'

/** What to verify, as files, and how often. */
export interface VerifyTask {
  readonly pdf: string
  readonly evidence: string
  readonly trust: string
  readonly warmUp: number
  readonly count: number
}

export interface VerifyTimes {
  /** Why there is no answer. */
  readonly error: string | null
  readonly signatures: number
  /** Milliseconds of each library call, warm. */
  readonly ms: readonly number[]
}

/**
 * Our verifier in a process of its own, as its peers have theirs: one JSON line asks, one answers.
 */
async function answer({ warmUp, count, ...files }: VerifyTask): Promise<VerifyTimes> {
  const [pdf, evidence, trust] = [files.pdf, files.evidence, files.trust].map(
    (path) => new Uint8Array(readFileSync(path)),
  )
  const request: VerifyRequest = { pdf, evidence: [evidence], trust: parseTrust(trust), at: new Date() }
  const { outcome, code, signatures } = await verify(request)
  if (outcome !== 'passed') return { error: `the sample is ${code}`, signatures: signatures.length, ms: [] }
  return { error: null, signatures: signatures.length, ms: await timesOf(() => verify(request), count, warmUp) }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  answer(JSON.parse(line)).then(
    (found) => console.log(JSON.stringify(found)),
    (error) => console.log(JSON.stringify({ error: String(error) })),
  )
})
