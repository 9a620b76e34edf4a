import { depositFactsIn, factsIn, reasonsIn } from '../judged'
import { comparisonEn } from './comparison-en'
import { consoleEn } from './console-en'
import { listsEn, standardEn } from './standard-en'

const LIST_REFUSALS: Readonly<Record<string, string>> = {
  TRUST_LIST_INVALID: 'it is not a trust list, or was edited or cut off.',
  TRUST_LIST_SIGNATURE_INVALID: 'it is not as its publisher signed it.',
  TRUST_LIST_IN_FUTURE: 'it is not in force yet.',
  TRUST_LIST_EXPIRED: 'it has expired; get the next one from its publisher.',
  TRUST_LIST_ROLLED_BACK: 'a newer version of it is in use here already.',
  TRUST_LIST_FORKED: 'it has the same version as the one in use, but says something else. Ask its publisher.',
}

/** Every English sentence of the page. Its shape is the dictionary's: another language must have the same keys. */
export const en = {
  code: 'en',
  key: 'en' as 'zh' | 'en',
  colon: ': ',
  locale: 'en-GB',
  switchTo: '中文',
  brand: 'Cinnabar',
  title: 'Check a sealed or deposited file',
  tagline: 'Electronic seals on a consortium ledger',
  skip: 'Skip to the file chooser',
  intro:
    'Choose the file you received: a sealed PDF, or any deposited file with its evidence. Everything is checked here, in this page: the file does not leave your device.',
  comma: ', ',
  unknown: 'unknown',

  chooser: {
    label: 'Choose a file, or drop it here',
    again: 'Choose another file, or drop it here',
    hintServed:
      'A deposited file needs its evidence (.zip). You may add a trust file or trust list (.json) at the same time.',
    hintAlone:
      'Choose the file, its evidence (.zip), your trust file and trust lists (.json): together or one after another.',
    chosen: 'Chosen files',
    document: 'Document',
    evidence: 'Evidence',
    remove: (name: string) => `Remove ${name}`,
    removeShort: 'Remove',
  },
  problem: {
    emptyFile: (name: string) => `${name} is empty. It may not have been downloaded completely: fetch it again.`,
    tooLarge: (name: string) => `${name} is too large for this page. Check it with the command: cinnabar verify`,
    twoDocuments: 'Only one document can be checked at a time: the first one was taken.',
    badTrust: (name: string) => `${name} is not a valid trust file. Trust was left as it was.`,
    listRefused: (name: string, code: string) =>
      `The list ${name} is not used: ${LIST_REFUSALS[code] ?? 'it is not to be judged by'} [${code}]`,
    brokenTrust: (name: string) => `${name} is no longer used as trust file: a certificate in it cannot be read.`,
    unreadable: (name: string) => `${name} could not be read from your device. Choose it again.`,
    noCrypto:
      'This browser gives the page no cryptography, because the address is not secure (https). Open the page by https, or use verify.html from disk.',
    notRemembered: 'This browser does not let the page remember the trust file. You will be asked again next time.',
    notChecked: 'The check ended early because of an error in this page. Nothing is known about the document.',
    evidenceNotFetched:
      'The service did not answer the request for evidence. If you have the evidence file, add it here.',
    trustNotFetched: 'The service did not give a trust file. Choose your own.',
    viewer: 'The pages cannot be drawn. The verdict does not depend on it.',
  },

  working: { reading: 'Reading the file…', fetching: 'Fetching the evidence…', checking: 'Checking…' },

  outcome: { passed: 'Passed', failed: 'Failed', indeterminate: 'Not proven' },
  verdict: {
    heading: 'Verdict',
    passedTitle: 'Passed: genuinely sealed and unchanged',
    failedTitle: 'Failed: do not rely on this document',
    indeterminateTitle: 'Not proven: something is missing',
    noSealTitle: 'This file has no seal',
    pictureOnlyTitle: 'UNSEALED: what looks like a seal is only a picture',
    unreadableTitle: 'This file cannot be checked',
    passedMeans: (seals: number) =>
      seals === 1
        ? 'All six facts hold for its seal: nothing forbidden was changed since, and this use of the seal is recorded on the ledger.'
        : `All six facts hold for each of its ${seals} seals: nothing forbidden was changed since, and each use of a seal is recorded on the ledger.`,
    failedMeans: 'At least one fact is false:',
    indeterminateMeans: 'No fact is known to be false, but not all are proven:',
    noSealMeans:
      'The PDF contains no electronic seal. A seal that you see on its pages is only a picture, and anybody can make such a picture.',
    depositedTitle: 'Passed: deposited and unchanged',
    depositedMeans: (deposits: number) =>
      deposits === 1
        ? 'The file is, byte for byte, the one that was deposited: it existed at the proven time, and the deposit is recorded on the ledger.'
        : `The file is, byte for byte, the one of ${deposits} deposits: it existed at the proven times, and each deposit is recorded on the ledger.`,
    depositedDo:
      'You can rely on that the file existed then, and on who recorded it. It bears no seal: nobody has put their name to what it says.',
    notDepositTitle: 'Failed: this is not the deposited file',
    noEvidenceTitle: 'Not proven: this file needs its evidence',
    noEvidenceMeans:
      'A file that is no PDF holds no seal. Whether it was deposited is proven by the evidence file of the deposit, which is not here.',
    noEvidenceDo: 'Add the evidence file (.zip) of the deposit; whoever deposited the file can give it to you.',
    unreadableMeans: 'The file could not be read without guessing, so nothing about it is proven.',
    passedDo: 'You can rely on who sealed it and when. Whether what it says is true, the seal does not prove.',
    failedDo: 'Ask the institution, by a way you know already, for the original file. Keep this one as evidence.',
    indeterminateDo: 'Do not rely on it yet. Add what is missing and the check runs again.',
    noSealDo: 'Ask whoever gave it to you for the sealed file itself: not a scan, a print-out or a screenshot.',
    unreadableDo: 'Ask for the file again, in its original form: not opened and saved anew, not password-protected.',
    whatToDo: 'What to do',
    singleOperator: 'Single operator',
    singleOperatorMeans: (names: string) =>
      `One party alone (${names}) keeps this ledger, and your trust file accepts its word. Nobody else vouches for the record.`,
    demonstration: 'Demonstration',
    demonstrationMeans:
      'This is a demonstration network: one owner holds the keys of several organisations. It proves no independence and has no legal effect.',
    paperSame:
      'The number in the QR code on the paper is that of a seal in this file. Now compare the paper with the pages below.',
    paperOther:
      'This is not the file of the paper: the number in the QR code on the paper is not in this file. Whatever the verdict says, it is not about the paper.',
  },

  checks: {
    heading: 'The six facts',
    ...factsIn('en'),
  },

  /** One sentence for each family of codes: why a fact is not proven, or is false. */
  why: reasonsIn('en'),
  whatToDo: {
    noTrust: 'Choose a trust file that you got from someone you trust, not from whoever sent the document.',
    noEvidence:
      'Add the evidence file (.zip) that belongs to the document; the institution that sealed it can give it to you.',
    badEvidence: 'Get the evidence file again from the institution that sealed the document.',
    stranger: 'If you should know this institution, get the trust file of its consortium and choose it.',
    notSeal: 'It is not a Cinnabar seal. Check the signature with the software of whoever issued it.',
    fork: 'Keep the document and its evidence, and report this to the consortium at once.',
  },

  seal: {
    heading: (n: number, of: number) => (of === 1 ? 'The seal' : `Seal ${n} of ${of}`),
    foreign: 'A signature that names no seal',
    short: (n: number) => `Seal ${n}`,
    institution: 'Institution',
    kind: 'Seal',
    provenTime: 'Proven time',
    useNumber: 'Use number',
    useNumberValue: (n: number) => `No. ${n} of this seal`,
    register: 'Register',
    asOf: (size: number) => `as of entry ${size}`,
    registerStatus: (status: string, size: number) => `seal ${status}, as of entry ${size}`,
    recorded: 'Recorded',
    recordedAfter: (delay: string) => `${delay} after the proven time`,
    attestedBy: 'Attested by',
    block: 'Block',
    blockValue: (number: number, orderers: string, endorsers: string) =>
      `${number}, ${orderers === '' ? 'its orderers not judged' : `signed by the orderer of ${orderers}`}, endorsed by ${endorsers}`,
    blockFollowed: (number: number) => `; configuration followed from the first block to block ${number}`,
    blockDiffers: (who: string) => `; the channel has other roots than your trust file for ${who}`,
    blockNotCarried: (number: number) => `${number}, not in the evidence`,
    notProven: 'not proven',
    claimBefore: 'not proven; the file claims “',
    claimAfter: '”',
    kindInBrackets: (kind: string) => ` (${kind})`,
    notRecorded: 'no record proven',
    place: (page: number) => `Page ${page}`,
    where: 'On the page',
    nowhere: 'The seal is not visible on a page.',
    revision: (n: number, of: number) => `Revision ${n} of ${of} of the file`,
    kinds: {
      official: 'Official seal',
      contract: 'Contract seal',
      finance: 'Finance seal',
      invoice: 'Invoice seal',
      legalRepresentative: 'Seal of the legal representative',
    },
    institutions: { agency: 'public agency', enterprise: 'enterprise', court: 'court' },
    status: { active: 'in force', suspended: 'suspended', retired: 'retired' },
  },
  deposit: {
    heading: (n: number, of: number) => (of === 1 ? 'The deposit' : `Deposit ${n} of ${of}`),
    short: (n: number) => `Deposit ${n}`,
    facts: 'The three facts',
    institution: 'Deposited by',
    id: 'Deposit id',
    ...depositFactsIn('en'),
  },
  details: {
    summary: 'Technical details',
    code: 'Code',
    clause: 'Clause',
    detail: 'Detail',
    field: 'Signature field',
    id: 'Seal signature id',
    sub: 'Sub-indication (ETSI EN 319 102-1)',
    index: 'Index in the log',
    signer: 'Signer, as its certificate says',
    file: 'File',
    digest: 'SHA-256 of the file',
    bytes: 'Size in bytes',
    revisions: 'Revisions',
    checkedAt: 'Checked at',
    ledger: 'Ledger',
    ledgers: { fabric: 'Hyperledger Fabric', embedded: 'embedded', none: 'none' },
    download: 'Download the report (JSON)',
  },

  pages: {
    heading: 'Pages',
    note: 'The pages as they are in the file. Each seal is framed in the colour of its verdict.',
    show: 'Show the pages',
    loading: 'Drawing…',
    page: (n: number, of: number) => `Page ${n} of ${of}`,
    unsealed: 'Not checked',
  },

  comparison: comparisonEn,

  trust: {
    heading: 'Trust',
    name: 'Name',
    none: 'No trust file is chosen.',
    noneMeans: 'A trust file names the organisations whose word counts. Without one, no document can pass.',
    own: 'Your own trust file',
    served: 'Pinned on first use',
    servedMeans:
      'This trust file came from the operator of this service. A page served by the operator cannot vouch for itself: for certainty, download verify.html and use your own trust file.',
    ownMeans: 'You chose it yourself. Compare the fingerprint with one that you got in another way.',
    together:
      'It was chosen together with the document. If whoever sent you the document sent this file too, it proves nothing: compare its fingerprint first.',
    fingerprint: 'Fingerprint',
    file: 'File',
    issued: 'Issued',
    organisations: 'Organisations',
    choose: 'Choose a trust file',
    pin: 'Use the service’s trust file',
    forget: 'Forget it',
    remembered: 'It is remembered in this browser.',
    notKept: 'It is not kept: choose it again next time.',
    changed: (name: string) => `The trust file ${name} is another than the one in use. Use it instead?`,
    servedChanged: 'The service now gives another trust file than the one you pinned. The pinned one is still in use.',
    use: 'Use it',
    keep: 'Keep the present one',
    download: 'Download verify.html',
  },

  sent: {
    heading: 'What this page sends',
    alone: 'Nothing. This page makes no connection, and its rules forbid it to.',
    file: 'Never the file, nor any part or fingerprint of it.',
    what: (host: string) =>
      `Only the random number of each seal, which stands inside the file and in its QR code, to ${host}, to fetch its evidence. If you add the evidence file yourself, not even that.`,
    nothingYet: 'Requests made for this check: none.',
    log: 'Requests made for this check:',
  },

  paper: {
    banner: 'This paper is not checked: choose the file',
    means:
      'A QR code can be copied onto any paper. Only the file can be checked: choose it below, then compare its pages with your paper.',
    compare: 'The paper itself is not checked: compare it with the pages of the file below.',
    recorded: 'What the service has recorded under this number',
    recordedNote: 'Shown as the service states it; nothing here is proven.',
    unknown: 'The service has no seal recorded under this number. Be careful with this paper.',
    unavailable: 'The service could not say what is recorded under this number. Try again later.',
    loading: 'Asking the service what is recorded under this number…',
    number: 'Number',
    time: 'Time of sealing',
    recordedAt: 'Recorded',
    status: 'State',
    states: {
      received: 'received',
      sealed: 'sealed, not yet recorded',
      submitted: 'being recorded',
      anchored: 'recorded',
      refused: 'refused',
      failed: 'not recorded, for an error',
    },
  },

  console: consoleEn,
  standard: standardEn,
  lists: listsEn,

  time: { utc: 'UTC', local: (clock: string, offset: string) => `${clock} your time (${offset})` },
  footer: 'Cinnabar · open source, Apache-2.0',
  toConsole: 'For institutions: seal a document',
}
