import {
  CodedError,
  MAX_EVIDENCE_BYTES,
  type Outcome,
  type Report,
  sealSignatureIds,
  sourcesOf,
  type TrustList,
  verifyAcross as verify,
} from '@cinnabar/core'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { depositContainers } from '../deposit-evidence'
import { EXIT, type Exit } from '../exit'
import { fetchEvidence, noteMissing } from '../fetch-evidence'
import { clockWith, type FetchOptions, fetchRevocation } from '../fetch-revocation'
import { MAX_DOCUMENT_BYTES, readInput } from '../input-file'
import { comparisonLines } from '../report/comparison-lines'
import { reportLines } from '../report/report-lines'
import { sessionUrl } from '../session'
import { findTrust, type TrustFound } from '../trust'
import { type ListOptions, readLists } from '../trust-lists'
import { gatewayUrl } from '../url'
import { readAnchors, readMaterial, trustedCertificates } from '../validation-files'
import { whileWaiting } from '../wait'
import type { CompareOptions } from './compare-render'

/** What `cinnabar verify` was told. */
export interface VerifyOptions extends ListOptions, CompareOptions, FetchOptions {
  readonly trust?: string
  readonly evidence?: readonly string[]
  readonly gateway?: string
  readonly at?: Date
  readonly minHead?: number
  readonly json?: boolean
  /** Files of certificates, CRLs and OCSP answers for signatures that are no seals of ours. */
  readonly signerAnchor?: readonly string[]
  readonly tsaAnchor?: readonly string[]
  readonly material?: readonly string[]
}

const EXIT_OF: Readonly<Record<Outcome, Exit>> = {
  passed: EXIT.passed,
  failed: EXIT.failed,
  indeterminate: EXIT.indeterminate,
}

/** Checks a sealed or deposited file and prints the verdict, which is also the exit code. */
export async function verifyFile(context: Context, path: string, options: VerifyOptions): Promise<Exit> {
  const { surroundings, voice } = context
  const pdf = await readInput(path, MAX_DOCUMENT_BYTES, surroundings)
  const reading = await secondReading(context, pdf, options)
  const trust = await findTrust(context, options.trust)
  const lists = await readLists(context, options, options.at ?? surroundings.now())
  const evidence = await evidenceFor(context, pdf, options)
  const report = await judge(context, { pdf, trust, lists, evidence, options })
  // The second reading stands beside the report, never in it: nothing of it counts for the verdict.
  if (options.json) voice.json(reading === undefined ? report : { report, comparison: await reading() })
  else {
    voice.print(reportLines(report, { texts: context.texts, path, trust, timeZone: surroundings.timeZone }))
    if (reading !== undefined) voice.print(comparisonLines(await reading(), context.texts))
  }
  return EXIT_OF[report.outcome]
}

/** Loaded only when it is asked for: an ordinary check does not wait for it. */
async function secondReading(context: Context, pdf: Uint8Array, options: VerifyOptions) {
  const { compareRender: asked, renderFrom, renderOut } = options
  if (!asked && renderFrom === undefined && renderOut === undefined) return undefined
  const { compareRender, compareTask } = require('./compare-render') as typeof import('./compare-render')
  const task = await compareTask(context, pdf, options)
  return () => compareRender(context, task)
}

/** With evidence at hand there is no network at all; without, a known gateway is asked for it. */
async function evidenceFor(context: Context, pdf: Uint8Array, options: VerifyOptions): Promise<readonly Uint8Array[]> {
  const { note } = context.voice
  if (options.evidence !== undefined) {
    if (options.gateway !== undefined) note(context.texts.note.gatewayNotAsked)
    const reading = options.evidence.map((path) => readInput(path, MAX_EVIDENCE_BYTES, context.surroundings))
    return Promise.all(reading)
  }
  const url = await knownGateway(context, options.gateway)
  const ids = sealSignatureIds(pdf)
  if (ids.length === 0) return depositContainers(context, pdf, options.gateway)
  if (url === undefined) {
    note(context.texts.note.gatewayUnknown)
    return []
  }
  const fetched = await fetchEvidence(context, url, ids)
  noteMissing(context, fetched)
  return fetched.containers.map(({ bytes }) => bytes)
}

/**
 * `--gateway`, `CINNABAR_URL`, or that of the last log-in.
 * @throws {@link CliError} `URL_INVALID`.
 */
export async function knownGateway(context: Context, option: string | undefined): Promise<string | undefined> {
  const told = option ?? context.surroundings.env.CINNABAR_URL
  return told ? gatewayUrl(told) : sessionUrl(context)
}

interface Case {
  readonly pdf: Uint8Array
  readonly trust: TrustFound | undefined
  readonly lists: readonly TrustList[]
  readonly evidence: readonly Uint8Array[]
  readonly options: VerifyOptions
}

async function judge(context: Context, { pdf, trust, lists, evidence, options }: Case): Promise<Report> {
  const { surroundings, texts } = context
  const { minHead } = options
  const { signerAnchor: signers, tsaAnchor: timestamps } = options
  const anchors = await readAnchors({ signers, timestamps }, surroundings)
  const given = await readMaterial(options.material, surroundings)
  const sources = [...(trust ? [{ trust: trust.trust }] : []), ...lists.flatMap(sourcesOf)]
  const trusted = [...trustedCertificates(sources), ...(anchors.signers ?? []), ...(anchors.timestamps ?? [])]
  const fetched = await fetchRevocation(context, { pdf, anchors: trusted, material: given }, options)
  const material = {
    ...given,
    crls: [...(given.crls ?? []), ...fetched.crls],
    answers: [...(given.answers ?? []), ...fetched.answers],
  }
  const request = {
    anchors,
    material,
    file: pdf,
    evidence,
    at: options.at ?? clockWith(surroundings.now(), fetched.newest),
    sources,
    ...(minHead !== undefined && { minHead }),
  }
  try {
    return await whileWaiting(context, texts.note.checking, verify(request))
  } catch (cause) {
    // A bad document is a finding; only the trust file can be at fault here.
    if (!(cause instanceof CodedError) || trust === undefined) throw cause
    throw new CliError('TRUST_INVALID', { path: trust.path, reason: cause.message }, cause)
  }
}
