import type { Texts } from './en'

/** What is said of each error of this command. */
export const errorsEn: Texts['error'] = {
  URL_INVALID: ({ url }) => ({
    sentence: `not a gateway's address: ${url}`,
    hint: 'it begins with http:// or https:// and holds no password, such as http://127.0.0.1:8080',
  }),
  TERMINAL_MISSING: () => ({
    sentence: 'there is no terminal to ask for user and password',
    hint: 'cinnabar login --user NAME --password-stdin < FILE',
  }),
  TRUST_NEEDED: () => ({
    sentence: 'an audit needs a trust file: it says whose word counts',
    hint: 'name it with --trust',
  }),
  NOTHING_TO_AUDIT: () => ({
    sentence: 'there is nothing to audit',
    hint: 'name the peers with --connection, or the data folder of an embedded ledger with --data',
  }),
  AUDITOR_MISSING: () => ({
    sentence: 'the auditor is not installed here',
    hint: 'it comes with the gateway: run the command where @cinnabar/gateway is installed and built',
  }),
  NOTHING_TO_SEAL: () => ({ sentence: 'there is no PDF in what was named' }),
  NAMES_COLLIDE: ({ path, other, name }) => ({
    sentence: `${other} and ${path} would both be written to ${name}`,
    hint: 'seal them by commands of their own, or name the folder that holds both',
  }),
  NOTHING_TO_DEPOSIT: () => ({
    sentence: 'no file is named',
    hint: 'name files, or a folder with --watch FOLDER',
  }),
  WATCH_ALONE: () => ({
    sentence: 'files and --watch do not go together',
    hint: 'deposit the files by a command of their own',
  }),
  NOT_A_FOLDER: ({ path }) => ({ sentence: `${path} is not a folder` }),
  WATCH_LIST_INVALID: ({ path, line }) => ({
    sentence: `the list of what was deposited, ${path}, is damaged in line ${line}`,
    hint: 'restore it from a backup; without it, every file of the folder is deposited again',
  }),
  BOOK_FORMAT_UNKNOWN: ({ path }) => ({
    sentence: `${path} ends neither in .csv nor in .pdf`,
    hint: 'name a file such as book.pdf',
  }),
  RENDER_FROM_UNKNOWN: ({ field, fields }) => ({
    sentence: `no signature of this file is called ${field}`,
    hint: fields === '' ? 'it has none' : `name one of ${fields}, or all`,
  }),
  PASSWORD_EMPTY: () => ({ sentence: 'the password is empty' }),
  INTERRUPTED: () => ({ sentence: 'interrupted, nothing was done' }),
  FILE_NOT_FOUND: ({ path }) => ({ sentence: `there is no file ${path}` }),
  FILE_IS_FOLDER: ({ path }) => ({ sentence: `${path} is a folder, not a file` }),
  FILE_TOO_LARGE: ({ path, maxBytes }) => ({ sentence: `${path} is larger than the ${maxBytes} bytes that are read` }),
  FILE_UNREADABLE: ({ path, reason }) => ({
    sentence: `${path} cannot be read: ${reason}`,
    hint: 'check that you may read it',
  }),
  TRUST_INVALID: ({ path, reason }) => ({
    sentence: `${path} is not a trust file: ${reason}`,
    hint: 'take the file as your consortium gave it, not edited or formatted anew',
  }),
  TRUST_LIST_REFUSED: ({ path, code, reason }) => ({
    sentence: `${path} is not judged by: ${reason} (${code})`,
    hint: "get the newest list from its operator, and the digest of the operator's key in another way (--list-key)",
  }),
  LIST_CHANGE_INVALID: ({ what }) => ({
    sentence: `the list cannot be made so: ${what}`,
    hint: 'cinnabar lists publish --help',
  }),
  LIST_VERSION_NOT_HIGHER: ({ version, last }) => ({
    sentence: `version ${version} is not higher than ${last}, the last one: verifiers would refuse it`,
    hint: 'leave --number out, and name the last list with --previous',
  }),
  CONSORTIUM_UNKNOWN: ({ fingerprint }) => ({
    sentence: `the list has no consortium, or more than one, with the fingerprint ${fingerprint}`,
    hint: 'cinnabar lists show LIST prints the fingerprints',
  }),
  LIST_KEY_INVALID: ({ path }) => ({
    sentence: `${path} is not a private key in PKCS #8 on P-256`,
    hint: 'cinnabar lists key -o FILE makes one',
  }),
  LIST_KEY_NOT_ENCRYPTED: ({ path }) => ({
    sentence: `${path} is not encrypted: whoever reads it can publish lists`,
    hint: 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out ENCRYPTED encrypts it',
  }),
  PASSPHRASE_WRONG: ({ path }) => ({ sentence: `this is not the passphrase of ${path}` }),
  PASSPHRASES_DIFFER: () => ({ sentence: 'the two passphrases differ, nothing was written' }),
  OUTPUT_EXISTS: ({ path }) => ({
    sentence: `${path} is there already and was left as it is`,
    hint: 'name another file, or add --force to replace it',
  }),
  OUTPUT_NOT_WRITABLE: ({ path, reason }) => ({
    sentence: `${path} cannot be written: ${reason}`,
    hint: 'check that its folder exists and that you may write there',
  }),
  NOT_LOGGED_IN: ({ url }) => ({
    sentence: `you are not logged in to ${url}`,
    hint: `cinnabar login --url ${url}, or set CINNABAR_TOKEN`,
  }),
  SESSION_EXPIRED: ({ url, expires }) => ({
    sentence: `your log-in to ${url} ended at ${expires}`,
    hint: `cinnabar login --url ${url}`,
  }),
  SESSION_INVALID: ({ path }) => ({ sentence: `${path} is not a session`, hint: 'cinnabar login' }),
  GATEWAY_UNREACHABLE: ({ url, reason }) => ({
    sentence: `${url} does not answer: ${reason}`,
    hint: /CERT|SELF_SIGNED/.test(String(reason))
      ? 'its certificate is unknown here: name its issuer in NODE_EXTRA_CA_CERTS'
      : 'is the service running, and is the address right (CINNABAR_URL)?',
  }),
  GATEWAY_ANSWER_INVALID: ({ url, what }) => ({
    sentence: `${url} answered something unexpected: ${what}`,
    hint: 'is it a Cinnabar gateway, of this version?',
  }),
  SEALED_FILE_DIFFERS: ({ url, job }) => ({
    sentence: `${url} did not give back your document with one seal more (job ${job}); nothing was written`,
    hint: 'tell whoever runs the gateway; the use of the seal may be recorded',
  }),
  JOB_NOT_ENDED: ({ job, state }) => ({
    sentence: `job ${job} is still ${state} after ten minutes; nothing was written`,
    hint: 'what was received is not lost: fetch the file from the gateway later',
  }),
  NO_SEAL: ({ path }) => ({
    sentence: `${path} holds no seal`,
    hint: 'choose the sealed file itself: not a scan or a print-out',
  }),
  EVIDENCE_NOT_FOUND: ({ path, url }) => ({
    sentence: `${url} has no evidence for the seals of ${path}`,
    hint: 'name the gateway that sealed it with --gateway, or try again when the seal is recorded',
  }),
  EVIDENCE_TOO_LARGE: ({ seals }) => ({ sentence: `the evidence of ${seals} seals is too large for one container` }),
}
