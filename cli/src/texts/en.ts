import type {
  AdesTimestamp,
  Check,
  CheckName,
  ContainerReport,
  InstitutionKind,
  Outcome,
  Recognition,
  RecordedBlock,
  SealKind,
  SealStatus,
  SignatureReport,
} from '@cinnabar/core'
import type { AskFailure } from '../ask-public'
import type { CliErrorCode } from '../cli-error'
import type { TrustSource } from '../trust'
import { errorsEn } from './errors-en'
import { helpEn } from './help-en'
import { listEn } from './list-en'
import { problemsEn } from './problems-en'
import { renderEn } from './render-en'

/** A refusal in words: lower case, no full stop. */
export interface Telling {
  readonly sentence: string
  /** What to do about it. */
  readonly hint?: string
}

/** What an error's sentence may name. */
export type Details = Readonly<Record<string, string | number>>

/** Every sentence of the command in one language. */
export type Texts = {
  readonly language: 'en' | 'zh'
  readonly colon: string
  readonly space: string
  readonly pad: string
  readonly nameWidth: number
  readonly errorLead: string
  readonly hintLead: string
  readonly internal: (what: string) => string
  readonly ended: (state: string) => string
  readonly plain: (detail: string, status: number) => string
  readonly help: typeof helpEn
  readonly value: Readonly<Record<'time' | 'count' | 'page' | 'millimetres', string>>
  readonly error: Readonly<Record<Exclude<CliErrorCode, 'PROBLEM' | 'JOB_ENDED_BADLY'>, (details: Details) => Telling>>
  /** Codes of a gateway; one that is not here is told in the gateway's own words. */
  readonly problem: Readonly<Record<string, Partial<Telling>>>
  readonly jobState: (state: string) => string
  /** One deposit, as its command prints it. */
  readonly deposited: (path: string, id: string, state: string) => string
  /** One of many sealed documents, as its command prints it: where it is, or why it is not. */
  readonly sealedDocument: (path: string, what: string) => string
  /** How many documents of a bulk job are in which state. */
  readonly bulkProgress: (counts: Readonly<Record<string, unknown>>) => string
  readonly note: typeof note
  readonly list: typeof listEn
  readonly render: typeof renderEn
  readonly outcome: Readonly<Record<Outcome, string>>
  readonly verdict: typeof verdict
  /** Why a fact is false or open. */
  readonly reason: (check: Pick<Check, 'code' | 'detail'>) => string
  /** What to do, by code, beyond what the verdict says. */
  readonly advice: Readonly<Record<string, string>>
  readonly check: Readonly<Record<CheckName, Readonly<Record<Outcome | 'name', string>>>>
  readonly seal: typeof seal
  readonly deposit: typeof deposit
  readonly closing: typeof closing
}

const SOURCES: Readonly<Record<TrustSource, string>> = {
  option: '--trust',
  environment: 'CINNABAR_TRUST',
  data: 'the data folder',
  pinned: 'pinned',
}

/** Why nothing was fetched of an address that a certificate names. */
export type NotFetched = AskFailure | 'NONCE_DIFFERS' | 'UNREADABLE'

const NOT_FETCHED: Readonly<Record<NotFetched, string>> = {
  URL_REFUSED: 'not asked: it is neither http nor https',
  ADDRESS_REFUSED: 'not asked: it leads into your own network; --allow-private-addresses asks it all the same',
  NAME_UNKNOWN: 'its name leads nowhere',
  CONNECTION_FAILED: 'it does not answer',
  TLS_FAILED: 'its TLS certificate is not accepted',
  TIMEOUT: 'it took too long',
  REDIRECTED: 'it sent elsewhere',
  STATUS: 'it refused',
  TOO_LARGE: 'its answer is too large',
  NONCE_DIFFERS: 'its answer was made for another question, and is not used',
  UNREADABLE: 'its answer is no CRL and no OCSP answer with a status',
}

const seals = (count: number) => (count === 1 ? '1 seal' : `${count} seals`)

const note = {
  checking: 'checking',
  sending: 'sending',
  sealing: 'waiting for the seal',
  downloading: 'fetching the sealed file',
  loggingIn: 'logging in',
  depositing: 'waiting for the deposits',
  askingDeposits: (url: string) => `asking ${url} whether you deposited this file: its digest is sent, nothing else`,
  watching: (path: string, url: string) => `watching ${path} for ${url}; stop with Ctrl-C`,
  stillWaiting: (what: string, seconds: number) => `${what}: still waiting, ${seconds} s`,
  askingAgain: (url: string) => `${url} does not answer; asking again`,
  uploading: (name: string, bytes: number, url: string) => `sending ${name} (${bytes} bytes) to ${url}`,
  bulkUploading: (left: number, count: number, url: string) => `sending ${left} of ${count} documents to ${url}`,
  bulkSealed: (sealed: number, count: number) => `${sealed} of ${count} documents sealed and written`,
  sealedWritten: (path: string) => `sealed file written to ${path}`,
  askingEvidence: (url: string, count: number) =>
    `asking ${url} for the evidence of ${seals(count)}: the ids inside the file are sent, nothing else`,
  askingDepositEvidence: (url: string, count: number) =>
    `asking ${url} for the evidence of ${count === 1 ? '1 deposit' : `${count} deposits`}: their ids are sent, nothing else`,
  fetching: (n: number, of: number) => `fetching evidence ${n} of ${of}`,
  evidenceUnknown: (ids: readonly string[]) => `there is no evidence there yet for ${ids.join(', ')}`,
  evidenceWritten: (path: string, count: number) => `evidence of ${seals(count)} written to ${path}`,
  preserved: (path: string, crls: number) =>
    `file with ${crls === 1 ? '1 CRL' : `${crls} CRLs`} and a document timestamp written to ${path}`,
  depositEvidenceWritten: (path: string, count: number) =>
    `evidence of ${count === 1 ? '1 deposit' : `${count} deposits`} written to ${path}`,
  listPublished: (path: string, version: number, key: string): readonly string[] => [
    `version ${version} written to ${path}`,
    `hint: verifiers need the digest of your key, by another way than the list: ${key}`,
  ],
  listKeyMade: (path: string, key: string): readonly string[] => [
    `key written to ${path}, encrypted under your passphrase; its digest, for verifiers: ${key}`,
    'hint: keep a copy of the file and the passphrase apart: with neither, no list can follow those you publish',
  ],
  passphraseQuestion: 'passphrase: ',
  newPassphraseQuestion: 'new passphrase: ',
  passphraseAgain: 'once more: ',
  listUsed: (name: string, version: number, until: string) => `trust list: ${name}, version ${version}, until ${until}`,
  reportWritten: (path: string) => `report for courts written to ${path}`,
  assertionMissing: (why: string) => `the evidence has no time assertion, which no fact needs: ${why}`,
  withoutEvidence: (why: string) => `no evidence could be fetched: ${why}`,
  askingRevocation: (url: string) =>
    `asking ${url} whether a certificate was revoked: its serial number is sent at most`,
  revocationNotFetched: (url: string, code: NotFetched) => `${url}: ${NOT_FETCHED[code]} [${code}]`,
  revocationKept: (count: number, folder: string) =>
    `${count === 1 ? '1 file' : `${count} files`} kept in ${folder}; offline: add --material ${folder}`,
  gatewayNotAsked: 'with --evidence no network is used: --gateway is not asked',
  gatewayUnknown: 'no evidence was given and no gateway is known: add --evidence ZIP or --gateway URL',
  trustUsed: (source: TrustSource, path: string, fingerprint: string) =>
    `trust: ${path} (${SOURCES[source]}), fingerprint ${fingerprint}`,
  trustNone: 'trust: none, so nothing can pass; name a trust file with --trust, or log in to pin one',
  trustsDiffer: (used: string, other: string) => `warning: ${used} is used, and it is another than the pinned ${other}`,
  trustPassedOver: (path: string) =>
    `trust: ${path} is passed over, since this folder may have come with the document; name it with --trust if you trust it`,
  trustPinned: (path: string, fingerprint: string): readonly string[] => [
    `trust pinned on first use: ${path}, fingerprint ${fingerprint}`,
    'hint: it came from the gateway itself; compare the fingerprint with one that you got in another way',
  ],
  trustChanged: ({
    path,
    pinned,
    served,
  }: Readonly<Record<'path' | 'pinned' | 'served', string>>): readonly string[] => [
    'WARNING: this gateway serves another trust file than the one you pinned',
    `  pinned: ${pinned} (${path}), which stays in use`,
    `  served: ${served}`,
    'hint: ask your consortium, not the gateway, which of them is right; to pin anew, remove the pinned file and log in again',
  ],
  trustNotPinned: (why: string) => `the trust file was not compared or pinned: ${why}`,
  sessionIgnored: (path: string) => `${path} is not a session and is passed over`,
  openLine: (url: string) => `warning: ${url} is not encrypted: everybody on the way can read what is sent`,
  userQuestion: (url: string) => `user at ${url}: `,
  passwordQuestion: 'password: ',
  newPasswordQuestion: 'new password: ',
  asking: (url: string) => `asking ${url}`,
  loggedIn: (user: string, url: string, until: string) => `logged in to ${url} as ${user} until ${until}`,
}

const verdict = {
  passed: (count: number) => ({
    title: 'PASSED, genuinely sealed and unchanged',
    means: count === 1 ? 'All six facts hold for its seal.' : `All six facts hold for each of its ${count} seals.`,
    whatToDo: 'You can rely on who sealed it and when. Whether what it says is true, the seal does not prove.',
  }),
  deposited: {
    title: 'DEPOSITED, recorded and unchanged; it holds no seal',
    means: 'This very file existed at the proven time, and the institution recorded it then.',
    whatToDo: 'You can rely on when it existed and who recorded it. A deposit approves nothing of what the file says.',
  },
  failed: {
    title: 'FAILED, do not rely on this document',
    means: 'At least one fact is false:',
    whatToDo: 'Ask the institution, by a way you know already, for the original file. Keep this one as evidence.',
  },
  indeterminate: {
    title: 'NOT PROVEN, something is missing',
    means: 'No fact is known to be false, but not all are proven:',
    whatToDo: 'Do not rely on it yet. Add what is missing and check again.',
  },
  pictureOnly: {
    title: 'UNSEALED: what looks like a seal is only a picture',
    means: 'Nothing in this file is signed. Anybody can put a picture of a seal on a page.',
    whatToDo: 'Do not rely on it. Ask the institution itself, by a way you know, for the sealed file.',
  },
  noSeal: {
    title: 'NO SEAL in this file',
    means: 'A seal that you see on its pages is only a picture, and anybody can make such a picture.',
    whatToDo: 'Ask whoever gave it to you for the sealed file itself: not a scan, a print-out or a screenshot.',
  },
  foreign: {
    title: 'NO SEAL; its signatures hold by the certificates that you trust',
    means:
      'They are not seals of any institution of a consortium: none is registered, and no ledger recorded their use:',
    whatToDo: 'Rely on them as far as you trust the authorities that you named, and not as on a seal.',
  },
  unreadable: {
    title: 'this file cannot be checked',
    means: 'It could not be read without guessing, so nothing about it is proven:',
    whatToDo: 'Ask for the file again, in its original form: not opened and saved anew, not password-protected.',
  },
  whatToDo: 'What to do',
  singleOperator: (name: string) =>
    `Single operator: one party alone (${name}) keeps this ledger, and your trust file accepts its word. Nobody else vouches for the record.`,
  demonstration:
    'Demonstration: one owner holds the keys of several organisations. It proves no independence and has no legal effect.',
}

const KINDS: Readonly<Record<SealKind, string>> = {
  official: 'official seal',
  contract: 'contract seal',
  finance: 'finance seal',
  invoice: 'invoice seal',
  legalRepresentative: 'seal of the legal representative',
}
const INSTITUTIONS: Readonly<Record<InstitutionKind, string>> = {
  agency: 'public agency',
  enterprise: 'enterprise',
  court: 'court',
}
const STATUS: Readonly<Record<SealStatus, string>> = {
  active: 'in force',
  suspended: 'suspended',
  retired: 'retired',
}

const PROCESSES: Readonly<Record<SignatureReport['ades']['process'], string>> = {
  basic: 'basic',
  time: 'with time',
  'long-term': 'with long-term data',
}

const seal = {
  heading: (n: number, of: number) => `Seal ${n} of ${of}`,
  institution: 'Institution',
  name: 'Seal',
  provenTime: 'Proven time',
  use: 'Use',
  recorded: 'Recorded',
  block: 'Block',
  register: 'Register',
  recognised: 'Recognised',
  recognisedBy: ({ name, region, list, policy, withdrawnAt }: Recognition) => {
    if (list === null) return `by the trust file ${name.en}`
    const under = policy === null ? '' : `, policy ${policy}`
    const until = withdrawnAt === null ? '' : `; withdrawn from ${withdrawnAt} on`
    return `${name.en} (${region}), by the list ${list.name.en}, version ${list.sequence}, in force until ${list.expires}${under}${until}`
  },
  field: 'In the file',
  local: 'local',
  notProven: 'not proven',
  nobody: 'nobody',
  standard: 'EN 319 102-1',
  judged: ({ indication, subIndication, process }: SignatureReport['ades']) =>
    `${indication}${subIndication === null ? '' : ` (${subIndication})`}, ${PROCESSES[process]}; the ledger aside`,
  token: 'Timestamp',
  tokenSaid: ({ kind, authority, policy, accuracyMs, indication }: AdesTimestamp, when: string) => {
    const by = authority === null ? 'an authority that is not known here' : authority
    const accuracy = accuracyMs === null ? 'accuracy not stated' : `±${accuracyMs} ms`
    return `${when}, over the ${kind}, by ${by}; policy ${policy}, ${accuracy}; ${indication}`
  },
  /** Of a signature that names no seal, judged by anchors that the user gave. */
  foreign: {
    certificate: 'under a certificate that you trust, valid and not revoked; of no institution known to a trust file',
    timestamp: 'an authority that you trust confirms the time',
  },
  signedBy: (who: string) => `none; signed by ${who}, as an authority that you trust calls it`,
  claimed: (who: string) => `not proven (the file names ${who})`,
  kinds: KINDS,
  institutions: INSTITUTIONS,
  useNumber: (n: number, index: number) => `number ${n} of this seal, entry ${index} of the institution's log`,
  recordedBy: (at: string | null, delay: number | null, by: readonly string[]) => {
    const when = at === null ? 'time not attested' : at
    return `${when}${delay === null ? '' : `, ${delay} s after the proven time`}; attested by ${by.join(', ')}`
  },
  inBlock: ({ carried, number, orderers, endorsers, configuration, differs }: RecordedBlock) => {
    if (!carried) return `${number}, not in the evidence`
    const by = orderers.length === 0 ? 'its orderers not judged' : `signed by the orderer of ${orderers.join(', ')}`
    const followed = configuration === null ? '' : `; configuration followed from the first block to ${configuration}`
    const other =
      differs.length === 0 ? '' : `; the channel has other roots than the trust file for ${differs.join(', ')}`
    return `${number}, ${by}, endorsed by ${endorsers.join(', ')}${followed}${other}`
  },
  asOf: (status: SealStatus | null, size: number) =>
    `${status === null ? 'status not attested' : `seal ${STATUS[status]}`}, as of ${size} entries`,
  where: ({ field, revision, place, level }: SignatureReport, revisions: number) => {
    const page = place === null ? 'not visible on a page' : `page ${place.page}`
    return `${page}, field ${field}, revision ${revision} of ${revisions}${level === null ? '' : `, level ${level}`}`
  },
}

const deposit = {
  heading: (n: number, of: number) => `Deposit ${n} of ${of}`,
  recorded: (index: number) => `entry ${index} of the institution's log`,
}

const closing = {
  file: (sha256: string, bytes: number, revisions: number) =>
    `File: ${sha256}, ${bytes} bytes, ${revisions === 1 ? '1 revision' : `${revisions} revisions`}`,
  trust: (name: string, fingerprint: string, ledger: string) => `Trust: ${name}, ${fingerprint}, ${ledger} ledger`,
  noTrust: 'Trust: none; without a trust file nothing can pass',
  evidence: (container: ContainerReport) => {
    const { sha256, code, detail, assertion, unknown } = container
    if (code !== 'OK') return `Evidence: ${sha256}, not relied on: ${detail} [${code}]`
    const more = unknown.length === 0 ? '' : `; not read: ${unknown.map(({ path }) => path).join(', ')}`
    if (assertion === null) return `Evidence: ${sha256}, without a time assertion${more}`
    const { outcome, organisation, time } = assertion
    const closed = outcome === 'passed' ? `closed ${time} by the clock of ${organisation}` : 'its time is not proven'
    return `Evidence: ${sha256}, ASiC-E, ${closed}${outcome === 'passed' ? '' : ` [${assertion.code}]`}${more}`
  },
}

/** Every English sentence. */
export const en: Texts = {
  language: 'en',
  colon: ': ',
  space: ' ',
  pad: ' ',
  nameWidth: 12,
  errorLead: 'error: ',
  hintLead: 'hint: ',
  internal: (what) => `a fault of this command: ${what} [INTERNAL]`,
  ended: (state) => `${state}: `,
  plain: (detail, status) => (detail === '' ? `the gateway answered ${status}` : detail.replace(/\.$/, '')),
  help: helpEn,
  value: {
    time: 'expected a time with its zone, such as 2026-11-22T03:04:05Z',
    count: 'expected a whole number',
    page: 'expected a page number from 1',
    millimetres: 'expected millimetres, such as 120.5',
  },
  error: errorsEn,
  problem: problemsEn,
  jobState: (state) => state,
  deposited: (path, id, state) => `${path}: deposit ${id}, ${state}`,
  sealedDocument: (path, what) => `${path}: ${what}`,
  bulkProgress: (counts) =>
    Object.entries(counts)
      .flatMap(([state, count]) => `${count} ${state}`)
      .join(', '),
  note,
  list: listEn,
  render: renderEn,
  outcome: { passed: 'passed', failed: 'failed', indeterminate: 'not proven' },
  verdict,
  reason: ({ detail }) => detail,
  advice: {
    TRUST_MISSING:
      'Name a trust file (--trust) that you got from someone you trust, not from whoever sent the document.',
    EVIDENCE_MISSING: 'Add the evidence (--evidence), or name the gateway that has it (--gateway).',
    EVIDENCE_INVALID: 'Get the evidence again from the institution that sealed the document.',
    SIGNER_UNKNOWN: 'If you should know this institution, get the trust file of its consortium.',
    DEPOSIT_EVIDENCE_MISSING:
      'Add the evidence of the deposit (--evidence), or log in at the gateway that made it, which finds it by the file.',
    DEPOSIT_MISMATCH: 'Check that file and evidence belong together; if they do, the file was changed.',
    HEAD_TOO_OLD: 'Fetch newer evidence.',
    LEDGER_FORK: 'Report this to the consortium at once, with the document and its evidence.',
  },
  check: {
    integrity: {
      name: 'integrity',
      passed: 'the bytes are those that were sealed, and nothing forbidden was added',
      failed: 'not what was sealed',
      indeterminate: 'cannot be judged',
    },
    signature: {
      name: 'signature',
      passed: 'made with the key of the certificate in the file',
      failed: 'not made with the key of the certificate in the file',
      indeterminate: 'cannot be judged',
    },
    certificate: {
      name: 'certificate',
      passed: 'issued to this institution for sealing, valid and not revoked at the proven time',
      failed: 'does not entitle this institution to seal',
      indeterminate: 'not proven to be this institution’s and valid',
    },
    timestamp: {
      name: 'timestamp',
      passed: 'an authority of another organisation confirms the time',
      failed: 'false',
      indeterminate: 'the time is not proven',
    },
    seal: {
      name: 'seal',
      passed: 'registered for this institution, in force at the time, and as registered on the page',
      failed: 'not the registered one, or not in force',
      indeterminate: 'not proven to be registered',
    },
    anchor: {
      name: 'anchor',
      passed: 'this very use is recorded in the institution’s log on the ledger',
      failed: 'the record does not fit this use',
      indeterminate: 'not proven to be recorded',
    },
  },
  seal,
  deposit,
  closing,
}
