/** What `--help` says of the commands that publish trust lists. */
export const helpPublishEn = {
  summary: 'publish and read trust lists: which consortia a region recognises',
  description:
    'Publishes lists of consortia whose seals a region recognises (mutual recognition), signed, one version after another, and shows what a list says. Lists are judged by with: cinnabar verify --list (core/FORMAT.md, section 10).',
  key: 'make a key for an operator of lists, encrypted under a passphrase',
  keyFile: 'where the key goes: PKCS #8, encrypted, yours alone to read',
  publish: 'sign and write the next version of a list',
  list: 'where the list goes',
  signingKey: "the operator's private key: PKCS #8, encrypted",
  passphraseStdin: 'read the passphrase from standard input (else it is asked for)',
  previous: 'the last version, of which this is the next: all that is not changed is taken from it',
  name: "the list's name in English",
  nameZh: "the list's name in Chinese",
  operator: "the operator's name in English",
  operatorZh: "the operator's name in Chinese",
  add: 'recognise this consortium, by its trust file, such as HK=trust.json; may be repeated',
  policy:
    'of this institution recognise only certificates that assert this policy, such as HongKongTrade=2.16.344.8.2.2008.810.2.2012.1.0; may be repeated',
  withdraw:
    'recognise nothing of this consortium from the time of --from on, and what is older still: its fingerprint, or how that begins; may be repeated',
  from: 'when a withdrawal begins (else now)',
  remove: 'recognise nothing of this consortium any more, whatever its age; may be repeated',
  number: 'the version (else the one after the last)',
  issued: 'from when on it is in force (else now)',
  expires: 'until when it is in force, such as 2027-05-22T00:00:00Z',
  show: 'show what a list says, with fingerprints, and whether it is in force and as signed',
  file: 'the list',
  listKey: "digest (sha256:…) of its operator's key, got in another way",
  examples: `
Exit codes:
  0 done   1 not a list to be judged by   64 wrong usage   66 a file is not what it should be
  73 output cannot be written   77 wrong passphrase

Examples:
  cinnabar lists key -o operator.pem
  cinnabar lists publish --key operator.pem -o list-1.json --name "Recognised consortia" --name-zh 互认名单 \\
    --operator "Greater Bay Office" --operator-zh 大湾区办公室 --expires 2027-05-22T00:00:00Z \\
    --add HK=hongkong.json --policy HongKongTrade=2.16.344.8.2.2008.810.2.2012.1.0
  cinnabar lists publish --key operator.pem -o list-2.json --previous list-1.json --expires 2027-11-22T00:00:00Z \\
    --withdraw sha256:4f0c2a91
  cinnabar lists show list-2.json`,
}
