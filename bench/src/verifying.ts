import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseTrust } from '@cinnabar/core'
import { startDss } from './checkers/dss'
import { LineProcess } from './checkers/line-process'
import { startPyhanko } from './checkers/pyhanko'
import { fetchEvidence } from './proof/client'
import { trustedFiles } from './proof/others'
import type { Service } from './proof/service'
import { median } from './statistics'
import type { VerifyTask, VerifyTimes } from './verify-process'

/** A sealed file on disk, with all that ours and the peers need to judge it. */
export interface Sample {
  readonly pdf: string
  readonly evidence: string
  readonly trust: string
  readonly trusted: readonly string[]
}

/** Writes a file that the service sealed, and its evidence, beside each other. */
export async function writeSample(
  scratch: string,
  service: Service,
  { name, pdf }: { readonly name: string; readonly pdf: Uint8Array },
): Promise<Sample> {
  const path = join(scratch, `${name}.pdf`)
  const evidence = join(scratch, `${name}.zip`)
  const trust = join(service.data, 'trust.json')
  await writeFile(path, pdf)
  await writeFile(evidence, await fetchEvidence(service, pdf))
  const trusted = await trustedFiles(scratch, parseTrust(new Uint8Array(await readFile(trust))))
  return { pdf: path, evidence, trust, trusted }
}

/**
 * Our median in milliseconds, in a process of its own as the others; to be asked for before they start, since their idle
 * compilers would take a core.
 */
export async function ownTime(task: VerifyTask, seals: number): Promise<number> {
  const { pdf, evidence, trust, warmUp, count } = task
  const child = new LineProcess(process.execPath, [join(__dirname, 'verify-process.js')])
  try {
    const found = await child.ask<VerifyTimes>({ pdf, evidence, trust, warmUp, count }, 120_000)
    if (found.error !== null) throw new Error(found.error)
    if (found.signatures !== seals) throw new Error(`the sample has ${found.signatures} seals`)
    return median(found.ms)
  } finally {
    await child.stop()
  }
}

/** How often each peer is asked; the first half of DSS's answers, and a quarter of pyHanko's, are its warming up. */
export interface PeerRuns {
  readonly dss: number
  readonly dssTuned: number
  readonly pyhanko: number
}

/** Medians of the peers' warm times in milliseconds. */
export async function peerTimes({ pdf, trusted }: Sample, runs: PeerRuns): Promise<Record<keyof PeerRuns, number>> {
  const [dss, pyhanko] = [startDss(), startPyhanko()]
  const times = async (count: number, ask: () => Promise<{ readonly ms: number }>) => {
    const found: number[] = []
    for (let i = 0; i < count; i++) found.push((await ask()).ms)
    return found
  }
  try {
    const plain = await times(runs.dss, () => dss.verify(pdf, { trusted, ownPolicy: true }))
    const tuned = await times(runs.dssTuned, () => dss.verify(pdf, { trusted }))
    const hanko = await times(runs.pyhanko, () => pyhanko.verify(pdf, { trusted, strict: false }))
    return {
      dss: median(plain.slice(runs.dss / 2)),
      dssTuned: median(tuned),
      pyhanko: median(hanko.slice(runs.pyhanko / 4)),
    }
  } finally {
    await Promise.all([dss.stop(), pyhanko.stop()])
  }
}
