import {
  addDocumentTimestamp,
  addSecurityStore,
  type Certificate,
  certificatesIn,
  concat,
  embedContents,
  fromBase64,
  parseCertificate,
  readPdf,
  sealSignatureIds,
  sha256,
  type Trust,
} from '@cinnabar/core'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { type FetchOptions, fetchRevocation } from '../fetch-revocation'
import { ask } from '../gateway'
import { MAX_DOCUMENT_BYTES, readInput } from '../input-file'
import { requireFree, writeWhole } from '../output-file'
import { timestampBy } from '../timestamp'
import { findTrust } from '../trust'
import { DEFAULT_URL } from '../url'
import { trustedCertificates } from '../validation-files'
import { knownGateway } from './verify'

/** What `cinnabar preserve` was told. */
export interface PreserveOptions extends Omit<FetchOptions, 'keep'> {
  readonly output: string
  readonly force?: boolean
  readonly gateway?: string
  readonly trust?: string
  readonly json?: boolean
}

const MAX_CRL_BYTES = 8 << 20
/** Where a gateway publishes its CRLs, at the end of whatever address its certificates name. */
const CRL_PATH = /\/crl\/[\w.-]{1,128}\.crl$/

/**
 * Adds to a sealed file what its seals need to be validated when their certificates are long expired: the certificates above
 * them, CRLs made now, and a document timestamp over it all (PAdES B-LTA). Nothing that is sealed changes. Only the gateway that was
 * named is asked, whatever addresses the file holds, unless `fetchRevocation` is set.
 * @throws {@link CliError} `NO_SEAL`, `GATEWAY_*`, `PROBLEM`, `OUTPUT_*`: nothing was written.
 */
export async function preserveFile(context: Context, path: string, options: PreserveOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  const output = { path: options.output, force: options.force }
  const pdf = await readInput(path, MAX_DOCUMENT_BYTES, surroundings)
  if (sealSignatureIds(pdf).length === 0) throw new CliError('NO_SEAL', { path })
  await requireFree(output, surroundings)
  const url = (await knownGateway(context, options.gateway)) ?? DEFAULT_URL
  const trust = await findTrust(context, options.trust)
  const carried = certificatesIn(pdf)
  const above = trust === undefined ? [] : issuersOf(carried, trust.trust)
  const anchors = trust === undefined ? [] : trustedCertificates([trust])
  const fetched = await fetchRevocation(context, { pdf, anchors }, options)
  const crls = [...(await fetchCrls(url, carried)), ...fetched.crls]
  const certificates = [...carried, ...above].map(({ der }) => der)
  const stored = addSecurityStore(readPdf(pdf), { certificates, crls, answers: fetched.answers })
  const placeholder = addDocumentTimestamp(readPdf(stored), { fieldName: 'DocumentTimestamp' })
  const token = await timestampBy(url, sha256(concat(...placeholder.digestRanges)))
  await writeWhole(output, embedContents(placeholder, token), surroundings)
  voice.note(texts.note.preserved(options.output, crls.length))
  if (options.json) voice.json({ file: path, output: options.output, crls: crls.length })
  return EXIT.passed
}

/** Those of the trust file's authorities that issued what the file carries. */
function issuersOf(carried: readonly Certificate[], trust: Trust): readonly Certificate[] {
  const ders = trust.organisations.flatMap(({ sealCas, tsas }) => [
    ...sealCas,
    ...tsas.map(({ certificate }) => certificate),
  ])
  const names = carried.map(({ issuer }) => Buffer.from(issuer))
  return ders
    .map((der) => parseCertificate(fromBase64(der)))
    .filter(({ subject }) => names.some((name) => name.equals(subject)))
}

async function fetchCrls(url: string, certificates: readonly Certificate[]): Promise<readonly Uint8Array[]> {
  const paths = certificates.flatMap(({ crlUrls }) => crlUrls.flatMap((one) => CRL_PATH.exec(one)?.[0] ?? []))
  const asked = [...new Set(paths)].map((path) => ask(url, { method: 'GET', path, maxBytes: MAX_CRL_BYTES }))
  return Promise.all(asked)
}
