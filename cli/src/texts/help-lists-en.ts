/** What `--help` says of the commands that list and manage. */
export const helpListsEn = {
  asJson: 'print the result as JSON; remarks and errors become JSON lines on standard error',
  passwordStdin: 'read the password from standard input (else it is asked for)',
  limit: 'at most so many',
  fromTime: 'made at this time or later, such as 2026-11-22T00:00:00+08:00',
  toTime: 'made before this time',
  seals: {
    summary: 'list your institution’s seals',
    description: 'Lists your institution’s seals: kind, status, how often each was used, and until when it lasts.',
    status: 'only those with this status',
    kind: 'only those of this kind',
    seal: 'id of the seal',
    replaceKey: 'give a seal another certificate over a new key',
    replaceKeyAbout:
      'Gives a seal another certificate over a new key, as after a lost or stolen key. The seal keeps its id, picture and count; what it sealed is judged as before. Revoke the lost key’s certificate first. For registrars.',
    replaces: 'the certificate that it is to lose (else the one it has): a repeat then changes nothing',
    examples: `
Examples:
  cinnabar seals --status active
  cinnabar seals replace-key official`,
  },
  log: {
    summary: 'list an institution’s log',
    description:
      'Lists the entries of an institution’s log on the ledger, as the gateway shows them. What the ledger proves, evidence and audit check.',
    institution: 'id of the institution (else your own)',
    from: 'index of the first entry',
    kind: 'only entries of this kind',
    seal: 'only uses of this seal',
    examples: `
Examples:
  cinnabar log --from 100 --limit 50
  cinnabar log --seal official --json`,
  },
  book: {
    summary: 'show a seal’s ledger book (用印台账)',
    description:
      'Shows every use of a seal by number, held against the log: when, by whom, which document, for what. Gaps are named. With -o it is written as CSV or PDF.',
    seal: 'id of the seal',
    output: 'where the book goes: a name ending in .csv or .pdf',
    examples: `
Exit codes:
  0 complete   1 refused, or numbers are missing   64 wrong usage   73 output cannot be written   77 not logged in

Examples:
  cinnabar book official
  cinnabar book official --from 2026-01-01T00:00:00+08:00 -o book.pdf`,
  },
  users: {
    summary: 'manage your institution’s users',
    description: 'Lists and manages your institution’s users. It takes the role admin; auditors may list.',
    user: 'user name',
    list: 'list the users',
    add: 'add a user',
    role: 'role of the user; may be repeated',
    roles: 'give a user these roles instead of the present ones; they count at once',
    roleList: 'one or more of registrar sealer auditor admin',
    password: 'give a user another password, which ends all log-ins',
    disable: 'disable a user, which ends all log-ins',
    enable: 'enable a user again',
    examples: `
Examples:
  cinnabar users
  cinnabar users add wu --role sealer --role auditor --password-stdin < password.txt
  cinnabar users roles wu registrar sealer
  cinnabar users disable wu`,
  },
  webhooks: {
    summary: 'manage addresses that are told of events',
    description:
      'Lists and manages addresses that are told when something happens. What is sent and how it is checked: docs/webhooks.md.',
    id: 'id of the webhook',
    delivery: 'id of the delivery',
    list: 'list the webhooks',
    add: 'have an address told of events; the secret is shown this once',
    url: 'https address',
    event: 'event to be told of, such as sealSignature.anchored; may be repeated',
    about: 'what it is for',
    secret: 'a new secret; the one before signs beside it for a day',
    test: 'send an event of no consequence',
    on: 'switch a webhook on: what waited is sent',
    off: 'switch a webhook off: what happens meanwhile waits',
    remove: 'remove a webhook with all of its deliveries',
    deliveries: 'list what it was told and what waits, the newest first',
    state: 'only deliveries in this state',
    redeliver: 'send a delivery once more, by the same id',
    examples: `
Examples:
  cinnabar webhooks add https://archive.example/hook --event sealSignature.anchored --event signIn.alarm
  cinnabar webhooks deliveries ID --state failed`,
  },
  completion: {
    summary: 'print a script that completes commands in your shell',
    description: 'Prints a script that completes commands and options when you press Tab.',
    shell: 'bash, zsh or fish',
    examples: `
Examples:
  cinnabar completion bash > ~/.local/share/bash-completion/completions/cinnabar
  cinnabar completion zsh > ~/.zfunc/_cinnabar
  cinnabar completion fish > ~/.config/fish/completions/cinnabar.fish`,
  },
}
