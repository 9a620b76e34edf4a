import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mergeEvidence, readEvidence, type SealSignatureId, type Trust, verify } from '@cinnabar/core'
import type { Clock } from '../clock'
import type { Notarizer } from '../notarize/notarizer'
import { documentOf, fileOf } from '../notarize/receive'
import type { JobRecord } from '../notarize/records'
import type { FileStore, Store } from '../store/store'
import { writeWhole } from '../store/whole-file'
import { DemoError } from './demo-error'
import { BUREAU, type DemoInstitution, YUANHANG } from './institutions'

/** What the sample contract is sealed with. */
export interface SampleParts {
  readonly store: Store
  readonly files: FileStore
  readonly clock: Clock
  readonly notarizer: Notarizer
  readonly trust: Trust
}

/** Where the sealed contract and its evidence lie. */
export interface Sample {
  readonly sealed: string
  readonly evidence: string
}

interface Party {
  readonly institution: DemoInstitution
  readonly seal: string
  /** On the party's signing block of the contract: millimetres from the top left corner. */
  readonly xMm: number
  readonly yMm: number
}

const CONTRACT = join(__dirname, '../../../fixtures/contracts/zh-purchase-contract.pdf')
const PARTIES: readonly Party[] = [
  { institution: BUREAU, seal: 'official', xMm: 34, yMm: 212 },
  { institution: YUANHANG, seal: 'contract', xMm: 119, yMm: 212 },
]

const WAIT_MS = 30_000
/** A job that a crash ended before it was acknowledged is asked for again. */
const MAX_ATTEMPTS = 5

/** The sample in `folder`, if an earlier run finished it. */
export async function findSample(folder: string): Promise<Sample | undefined> {
  const sample = sampleIn(folder)
  const found = await Promise.all([sample.sealed, sample.evidence].map(readIfThere))
  return found.includes(undefined) ? undefined : sample
}

/**
 * Has the two parties seal the sample contract, one after the other, by the same requests that users make; verifies it as
 * a stranger would, and then writes file and evidence to `folder`. A part that an earlier run finished is not done again.
 * @throws {@link DemoError} `DEMO_JOB_FAILED`; `DEMO_SAMPLE_NOT_VERIFIED`.
 */
export async function sealSample(folder: string, parts: SampleParts): Promise<Sample> {
  let pdf: Uint8Array = new Uint8Array(await readFile(CONTRACT))
  const ids: SealSignatureId[] = []
  for (const party of PARTIES) {
    const { file, id } = await sealedBy(party, pdf, parts)
    pdf = file
    ids.push(id)
  }
  const evidence = await evidenceOf(ids, parts)
  const report = await verify({ pdf, evidence: [evidence], trust: parts.trust, at: parts.clock.now() })
  if (report.outcome !== 'passed') {
    const text = `the sealed sample is ${report.outcome}: ${report.code}: ${report.detail}`
    throw new DemoError('DEMO_SAMPLE_NOT_VERIFIED', text, { code: report.code })
  }
  const sample = sampleIn(folder)
  await writeWhole(sample.sealed, pdf, 0o644)
  await writeWhole(sample.evidence, evidence, 0o644)
  return sample
}

function sampleIn(folder: string): Sample {
  return { sealed: join(folder, 'contract-sealed.pdf'), evidence: join(folder, 'evidence.zip') }
}

async function evidenceOf(ids: readonly SealSignatureId[], { notarizer, trust }: SampleParts): Promise<Uint8Array> {
  const each = await Promise.all(ids.map((id) => notarizer.evidence(id, { trust })))
  return notarizer.container(PARTIES[0].institution.id, mergeEvidence(each.map(readEvidence)))
}

async function sealedBy(party: Party, pdf: Uint8Array, parts: SampleParts) {
  for (let attempt = 1; ; attempt++) {
    const { document, job } = await sealOnce(party, pdf, { ...parts, attempt })
    if (job.state === 'anchored') {
      const found = await documentOf(parts, party.institution.id, document)
      return { file: await fileOf(parts, found), id: job.sealSignature }
    }
    if (attempt === MAX_ATTEMPTS || job.code !== 'REQUEST_INTERRUPTED') {
      const text = `${party.institution.id} could not seal the sample: ${job.state} ${job.code ?? ''} ${job.detail ?? ''}`
      throw new DemoError('DEMO_JOB_FAILED', text, { state: job.state, code: job.code ?? '' })
    }
  }
}

async function sealOnce(
  party: Party,
  pdf: Uint8Array,
  { store, notarizer, attempt }: SampleParts & { readonly attempt: number },
): Promise<{ readonly document: string; readonly job: JobRecord }> {
  const { id: institution, user } = party.institution
  const mark = `demo/sample/${institution}/${attempt}`
  if ((await store.get('settings', mark)) === undefined) {
    const received = await notarizer.receive({ institution, user, name: 'zh-purchase-contract.pdf', bytes: pdf })
    await store.insert('settings', mark, { document: received.id })
  }
  const document = (await store.get<{ readonly document: string }>('settings', mark))?.value.document ?? ''
  const { seal, xMm, yMm } = party
  const job = await notarizer.request({ institution, user, document, seal, page: 1, xMm, yMm }, mark)
  await notarizer.settled(job.id, WAIT_MS)
  return { document, job: (await notarizer.job(institution, job.id)).value }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === 'ENOENT') return undefined
    throw cause
  }
}
