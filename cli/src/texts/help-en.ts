import { helpListsEn } from './help-lists-en'
import { helpPublishEn } from './help-publish-en'

/** What `--help` says. */
export const helpEn = {
  ...helpListsEn,
  lists: helpPublishEn,
  titles: {
    'Usage:': 'Usage:',
    'Options:': 'Options:',
    'Commands:': 'Commands:',
    'Arguments:': 'Arguments:',
    'Global Options:': 'Global options:',
  } as Readonly<Record<string, string>>,
  usage: '[options] COMMAND',
  program: 'Seals documents, and checks sealed documents without trusting whoever runs the service.',
  helpOption: 'show help',
  versionOption: 'show the version',
  helpCommand: 'show help for a command',
  lang: 'language: en or zh (else as LC_ALL, LC_MESSAGES or LANG says)',
  wrongUsage: (what: string) => what,
  usageHint: (command: string) => `${command} --help`,
  repeatHint: 'an option that takes several files is repeated: --evidence A.zip --evidence B.zip',
  file: 'PDF file',
  force: 'replace a file that is there',
  gateway: 'address of the gateway (else CINNABAR_URL, else the one you logged in to)',
  examples: `
Examples:
  cinnabar login --url https://seals.example --user wang
  cinnabar seal contract.pdf --seal official -o sealed.pdf
  cinnabar verify sealed.pdf
  cinnabar evidence sealed.pdf -o evidence.zip
  cinnabar verify sealed.pdf --trust trust.json --evidence evidence.zip

Environment:
  CINNABAR_URL    address of the gateway (else http://127.0.0.1:8080)
  CINNABAR_TOKEN  token to use instead of the log-in
  CINNABAR_TRUST  trust file to judge by
  CINNABAR_DATA   data folder of a gateway on this machine (else ./.data)`,
  verify: {
    summary: 'check a sealed or deposited file',
    description:
      'Checks every seal of a file, or, if it has none, its deposits. To fetch the evidence the ids of its seals are sent, or, if you are logged in, the digest of a file without seals; with --evidence nothing is.',
    trust: 'trust file to judge by (else CINNABAR_TRUST, the data folder’s, the pinned one)',
    list: 'published trust list to judge by beside the trust file; may be repeated',
    listKey: "digest (sha256:…) of the key of a list's operator, got in another way; it stays pinned",
    evidence: 'evidence file; may be repeated; no network is used then',
    at: 'judge as of this time where no time is proven, such as 2026-11-22T03:04:05Z (else now)',
    minHead: 'demand that the register is attested as of at least N entries of the log',
    json: 'print the report as JSON',
    signerAnchor:
      'certificate (PEM, DER) trusted for signatures that are no seals, besides the trust file; may be repeated',
    tsaAnchor: 'certificate trusted for timestamps, besides the trust file; may be repeated',
    material: 'CRL, OCSP answer or certificate that the file lacks; may be repeated',
    fetchRevocation:
      'ask the CRL and OCSP addresses of certificates that lead to what you trust whether they were revoked (else no network is used for it)',
    allowPrivate: 'with --fetch-revocation: ask addresses of this machine and its network too',
    keep: 'with --fetch-revocation: folder to keep what was fetched in, to redo it offline with --material',
    compareRender:
      'also read the file, as sealed and as it is now, with pdf.js, and show page by page what differs; changes no verdict and no exit code; with --json the answer is { report, comparison }',
    renderFrom: 'compare since this signature, by its field, or since all (else the first)',
    renderOut: 'write differing pages there as PNG: before, after, difference',
    examples: `
Exit codes:
  0 passed   1 failed   2 not proven   64 wrong usage   66 a file cannot be read

Examples:
  cinnabar verify sealed.pdf
  cinnabar verify sealed.pdf --trust trust.json --evidence evidence.zip
  cinnabar verify sealed.pdf --gateway https://seals.example --json
  cinnabar verify sealed.pdf --compare-render --render-out pages`,
  },
  seal: {
    summary: 'have a file sealed, or many',
    description:
      'Has the gateway seal a file, and writes the sealed file when the use of the seal is on the ledger. Several files, or the PDFs in a folder, become one bulk job; the same command given again goes on where it stopped, and seals nothing twice.',
    files: 'the file to be sealed; or several, or folders',
    seal: 'which seal: its id',
    output: 'where the sealed file goes, for many files a folder; never replaces a file',
    run: 'a name for this sealing of many files: with another one they are sealed once more',
    json: 'print the result as JSON',
    page: 'page, from 1 (else the last)',
    x: 'millimetres from the left edge of the page to the seal (else at the lower right)',
    y: 'millimetres from the top edge of the page to the seal',
    reason: 'why it is sealed; stands in the signature',
    wait: 'let the gateway answer once this state is reached, instead of asking again and again',
    examples: `
Exit codes:
  0 sealed and recorded   1 refused or failed, nothing written   64 wrong usage   66 file cannot be read
  69 gateway unavailable   73 output cannot be written   77 not logged in

Examples:
  cinnabar seal contract.pdf --seal official -o sealed.pdf
  cinnabar seal contract.pdf --seal contract -o sealed.pdf --page 3 --x 120 --y 220 --reason "signed by both"
  cinnabar seal contracts/ --seal official -o sealed/`,
  },
  evidence: {
    summary: 'fetch what proves a sealed or deposited file',
    description:
      'Fetches the evidence of every seal of a file, or of a file that you deposited, so that it can be checked without any network.',
    output: 'where the evidence goes (a ZIP that is also an ASiC-E container); never replaces a file',
    withDocument: 'put the file itself into it, so that it can be checked alone',
    examples: `
Exit codes:
  0 all written   1 there is none   2 written, but not for all seals   64 wrong usage   69 gateway unavailable

Example:
  cinnabar evidence sealed.pdf -o evidence.zip
  cinnabar evidence sealed.pdf --with-document -o sealed.asice && cinnabar verify sealed.asice`,
  },
  preserve: {
    summary: 'make a sealed file verifiable for decades',
    description:
      'Adds to a sealed file the certificates above its seals, the gateway’s CRLs as of now and a document timestamp over it all (PAdES B-LTA), so that it can be validated when its certificates are long expired. Nothing that is sealed changes; do it again before the timestamp’s own certificate expires.',
    output: 'where the file goes; never replaces a file',
    examples: `
Exit codes:
  0 written   1 no seal in the file, or refused   64 wrong usage   66 file cannot be read   69 gateway unavailable

Example:
  cinnabar preserve sealed.pdf -o lasting.pdf`,
  },
  anyFile: 'PDF file, or evidence container that holds one',
  report: {
    summary: 'have a report for courts made on a file',
    description:
      'Has the gateway verify a file and lay out for a court, in Chinese and English, what is proven and what is not, by the articles of the Online Litigation Rules. The report is itself sealed and recorded. The file is sent to the gateway, which does not keep it.',
    seal: 'which seal the report is to bear: its id',
    output: 'where the report goes (PDF); never replaces a file',
    examples: `
Example:
  cinnabar report sealed.pdf --seal official -o report.pdf`,
  },
  deposit: {
    summary: 'record files without a seal',
    description:
      'Has the gateway timestamp and record files by their digests, as proof that they existed. Only digests and names are sent; the files stay here.',
    files: 'files of any kind',
    wait: 'wait until they are recorded on the ledger',
    watch: 'deposit what is in this folder and what comes into it or changes there, each state once, until stopped',
    json: 'print the deposits as JSON',
    examples: `
Exit codes:
  0 deposited   1 refused or failed   64 wrong usage   66 file cannot be read   69 gateway unavailable   77 not logged in

Examples:
  cinnabar deposit tender.docx drawings.zip --wait anchored
  cinnabar deposit --watch incoming
  cinnabar evidence tender.docx -o evidence.zip
  cinnabar verify tender.docx --evidence evidence.zip`,
  },
  audit: {
    summary: 'compare ledger, peers and store',
    description:
      'Rebuilds every log and register from the ledger’s blocks alone, and compares them with what each organisation’s peers answer and with a gateway’s store. It believes nobody but the trust file; neither peers nor store are changed.',
    trust: 'trust file to judge by (else as for verify)',
    connection:
      'connection file with the peers to compare (else CINNABAR_FABRIC_CONNECTION); without one: the embedded ledger',
    data: 'data folder of a gateway, running or not, or a copy of it (else CINNABAR_DATA)',
    openings: 'data folder, usually a backup, whose store has openings: each entry is compared with what it commits to',
    restore: 'put uses with openings and new receipts into the store of --data; its gateway must be stopped',
    json: 'print the report as JSON',
    examples: `
Exit codes:
  0 no difference   1 differences   2 not completed   64 wrong usage

Examples:
  cinnabar audit --trust trust.json --connection connection.json
  cinnabar audit --trust trust.json --connection connection.json --data .data/fabric --json
  cinnabar audit --data .data
  cinnabar audit --connection connection.json --openings backup --data .data/fabric --restore`,
  },
  login: {
    summary: 'log in to a gateway',
    description:
      'Logs in, keeps the session in ~/.config/cinnabar/session.json, and pins the gateway’s trust file if none is pinned yet.',
    url: 'address of the gateway (else CINNABAR_URL, else the last one, else http://127.0.0.1:8080)',
    user: 'user name (else asked for)',
    passwordStdin: 'read the password from standard input',
    examples: `
Examples:
  cinnabar login --url https://seals.example --user wang
  cinnabar login --user wang --password-stdin < password.txt`,
  },
}
