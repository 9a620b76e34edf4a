import type { CheckName, Report, SealSignatureId, Time } from '@cinnabar/core'

/** Where the evidence container and its members lie in the reader's folder. */
export const CONTAINER = 'evidence.asice'
const MEMBERS = 'evidence/'
/** The reader's own: a trust file in the container proves nothing, so it is unpacked elsewhere. */
export const TRUST = 'trust.json'

/**
 * The folder in which a reader redoes a report: the file, its evidence and a trust file under names that are ours, so that no
 * name that a party chose is ever part of a command. Every command runs there as it is printed.
 */
export interface Folder {
  /** Where the verified file lies. */
  readonly document: string
  /** Commands that make the folder ready, in order. */
  readonly setUp: readonly string[]
  /** The verification as it was, at the same time, with these options. */
  verify(...options: readonly string[]): string
  /** Members of the container that prove this fact of this use or deposit. */
  proofOf(of: SealSignatureId | null, check: CheckName): readonly string[]
  /** All members that prove anything, of this folder of the container. */
  proofIn(folder: string): readonly string[]
}

/** The folder for this report. */
export function folderOf(report: Report, { fileName, madeAt }: { readonly fileName: string; readonly madeAt: Time }) {
  const { evidence = [], signatures, trust } = report
  const hasContainer = evidence.length > 0
  const isInside = evidence.some(({ document }) => document === 'this')
  const isPdf = signatures.length > 0 || /\.pdf$/i.test(fileName)
  const document = isInside ? `${MEMBERS}document.pdf` : isPdf ? 'document.pdf' : 'document'
  const given = [
    ...(trust.fingerprint === null ? [] : [`--trust ${TRUST}`]),
    ...(hasContainer ? [`--evidence ${CONTAINER}`] : []),
    `--at ${madeAt}`,
  ]
  const claims = evidence.flatMap((one) => one.claims)
  const members = (paths: readonly string[]) => [...new Set(paths)].map((path) => `${MEMBERS}${path}`)
  const folder: Folder = {
    document,
    setUp: hasContainer ? [`unzip -q ${CONTAINER} -d ${MEMBERS.slice(0, -1)}`] : [],
    verify: (...options) => ['cinnabar verify', document, ...given, ...options].join(' '),
    proofOf: (of, check) =>
      members(claims.filter((one) => one.claim === check && one.of === of).flatMap(({ proof }) => proof)),
    proofIn: (path) => members(claims.flatMap(({ proof }) => proof).filter((one) => one.startsWith(path))),
  }
  return folder
}

/** How each fact of a seal is done again by whoever doubts it, with our tool and with others'. */
export function redoOf(folder: Folder, check: CheckName, use: Use): readonly string[] {
  const { document, verify } = folder
  switch (check) {
    case 'integrity':
      return [verify(), `pdfsig ${document}`]
    case 'signature':
      return [`pdfsig ${document}`]
    case 'certificate':
      return [...certificatePath(folder, use), verify('--json')]
    case 'timestamp':
      return [
        `pdfsig -dump ${document}`,
        `openssl cms -inform DER -cmsout -print -noout -in document.pdf.sig${use.position}`,
        verify('--json'),
      ]
    case 'seal':
    case 'anchor':
      return [verify('--json')]
  }
}

/** Which use a command is about. */
export interface Use {
  readonly of: SealSignatureId | null
  /** Among the file's signatures, from 0. */
  readonly position: number
  readonly provenTime: Time | null
}

/** The path as openssl judges it at the proven time, and the revocations that the issuers listed. */
function certificatePath(folder: Folder, { of, provenTime }: Use): readonly string[] {
  const proof = folder.proofOf(of, 'certificate')
  const [leaf, ...issuers] = proof.filter((path) => path.startsWith(`${MEMBERS}certificates/`))
  const top = issuers.pop()
  const crls = proof.filter((path) => path.startsWith(`${MEMBERS}crls/`))
  const at = provenTime === null ? '' : ` -attime ${Math.floor(Date.parse(provenTime) / 1000)}`
  const between = issuers.map((path) => ` -untrusted ${path}`).join('')
  return [
    ...(leaf === undefined || top === undefined ? [] : [`openssl verify${at} -trusted ${top}${between} ${leaf}`]),
    ...crls.map((path) => `openssl crl -noout -text -in ${path}`),
  ]
}
