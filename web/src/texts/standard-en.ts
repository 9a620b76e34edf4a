/** What the page says of a signature as ETSI EN 319 102-1 judges it, and of the lists by which a seal is recognised. */
export const standardEn = {
  heading: 'By the standard alone (ETSI EN 319 102-1)',
  note: 'What any validator finds by certificates, timestamps and revocation alone. The ledger counts for nothing here, and this for nothing in the verdict above.',
  indication: 'Indication',
  indications: {
    'TOTAL-PASSED': 'The signature is valid.',
    'TOTAL-FAILED': 'The signature is not valid.',
    INDETERMINATE: 'What is at hand does not suffice to say so or otherwise.',
  },
  sub: 'Sub-indication',
  subs: {
    FORMAT_FAILURE: 'The signature is not built as the standard demands.',
    HASH_FAILURE: 'The bytes are not those that were signed.',
    SIG_CRYPTO_FAILURE: 'The signature does not fit the key of the certificate.',
    SIG_CONSTRAINTS_FAILURE: 'The signature lacks something that the rules of validation demand.',
    CHAIN_CONSTRAINTS_FAILURE: 'The certificates above the signer forbid such a certificate, or demand what it lacks.',
    CRYPTO_CONSTRAINTS_FAILURE: 'A cryptographic method is too weak for its time.',
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE:
      'A cryptographic method has become too weak, and nothing proves that the signature is from before.',
    TIMESTAMP_ORDER_FAILURE: 'The timestamps contradict the order in which they must have been made.',
    NO_SIGNING_CERTIFICATE_FOUND: 'The signer’s certificate is not there.',
    NO_CERTIFICATE_CHAIN_FOUND: 'No path leads from the signer’s certificate to an authority that you trust.',
    NO_CERTIFICATE_CHAIN_FOUND_NO_POE:
      'No path leads from a certificate to an authority that you trust, at a time at which the signature is proven to have existed.',
    OUT_OF_BOUNDS_NO_POE:
      'The certificate has expired or was not yet valid, and nothing proves that the signature was made within its time.',
    OUT_OF_BOUNDS_NOT_REVOKED:
      'The certificate has expired. It was not revoked, but nothing proves that the signature was made within its time.',
    NOT_YET_VALID: 'The signature was made before its certificate was valid.',
    EXPIRED: 'The certificate had expired when the signature was made.',
    REVOKED: 'The certificate had been revoked when the signature was made.',
    REVOKED_NO_POE: 'The certificate was revoked, and nothing proves that the signature is from before.',
    REVOKED_CA_NO_POE:
      'An authority above the certificate was revoked, and nothing proves that the signature is from before.',
    TRY_LATER: 'Nothing at hand says whether a certificate had been revoked at that time.',
    NO_POE: 'Nothing proves that the signature existed while it could still be believed.',
    SIGNED_DATA_NOT_FOUND: 'What was signed is not there.',
  } as Readonly<Record<string, string>>,
  process: 'Judged',
  processes: {
    basic: 'as of now',
    time: 'as of the time that its timestamps prove',
    'long-term': 'as of the time that its timestamps and those over the whole file prove',
  },
  level: 'Level',
  levels: {
    'B-B': 'B-B: signed, with no proof of time',
    'B-T': 'B-T: with a timestamp',
    'B-LT': 'B-LT: with a timestamp, certificates and word on their revocation, to be judged without a network',
    'B-LTA': 'B-LTA: besides that with a timestamp over it all, to be judged when certificates and methods have aged',
  },
  existed: 'Existed at the latest by',
  notProven: 'no timestamp that holds proves it',
  algorithm: 'Algorithm',
  unknown: 'unknown',
  timestamps: 'Timestamps',
  none: 'none',
  kinds: { signature: 'over the signature', document: 'over the whole file' },
  detail: 'Detail',
}

/** Lists of recognised consortia. */
export const listsEn = {
  heading: 'Trust lists',
  about:
    'A list says whose consortia a region recognises beside your own. Whoever publishes it signs it; you say whether that is somebody whom you trust.',
  none: 'None is in use.',
  name: 'List',
  version: (n: number) => `version ${n}`,
  operator: 'Published by',
  key: 'Fingerprint of the key',
  from: 'In force from',
  over: 'It is not in force now: nothing is recognised by it.',
  recognises: 'Recognises',
  withdrawn: 'withdrawn from',
  choose: 'Add a trust list',
  leave: 'Leave it out',
  remove: 'Stop using it',
  use: 'I compared it: use the list',
  waiting: (name: string) =>
    `${name} is well signed, but anybody can sign a list. Compare the key’s fingerprint with one that you got in another way than the list.`,
  together:
    'It was chosen together with the document: if one person sent you both, and the fingerprint as well, it proves nothing.',
  remembered: 'It is remembered in this browser, and an older version is not taken again.',
  notKept: 'It is not kept, nor is it remembered which version was seen: choose the newest one next time.',
  recognised: 'Recognised',
  byOwn: 'by your trust file',
  byNone: 'by none of your trust file and lists',
  byList: (list: string, version: number) => `by the list “${list}”, version ${version}`,
  until: 'in force until',
  policy: (oid: string) => `certificate policy ${oid}`,
  judgements: 'What each trust file and list says',
}
