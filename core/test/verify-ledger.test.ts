import { fromHex, toBase64, utf8 } from '../src/encode/bytes'
import { sha256 } from '../src/encode/sha256'
import { digestOf } from '../src/model/digest'
import type { SealId } from '../src/model/identifiers'
import { newKey } from '../src/testing/keys'
import { tokenOf } from '../src/testing/pki'
import { attest, evidenceOf, oneSeal, receiptOf } from '../src/testing/sealed-evidence'
import { SEALED_AT } from '../src/testing/sealed-sample'
import { newWorld, trustIn } from '../src/testing/sealed-world'

import { type Case, EARLIER, given, judges, LATER, receipt, UNANCHORED } from './verify-cases'

const TRUST: readonly Case[] = [
  [
    'no trust file',
    {
      certificate: 'indeterminate TRUST_MISSING',
      timestamp: 'indeterminate TRUST_MISSING',
      seal: 'indeterminate TRUST_MISSING',
      anchor: 'indeterminate TRUST_MISSING',
    },
    () => ({ ...given().one, trust: undefined }),
  ],
  [
    'the trust file of another consortium with institutions of the same names',
    {
      certificate: 'indeterminate SIGNER_LOOKALIKE',
      timestamp: 'indeterminate TIMESTAMP_UNTRUSTED',
      seal: 'indeterminate TIME_UNPROVEN',
      anchor: 'indeterminate ATTESTER_NOT_TRUSTED',
    },
    async () => ({ ...given().one, trust: (await newWorld()).trust }),
  ],
  [
    'a trust file that does not name the institution',
    {
      certificate: 'indeterminate SIGNER_UNKNOWN',
      anchor: 'indeterminate INSTITUTION_NOT_TRUSTED',
      seal: 'indeterminate SEAL_NOT_ATTESTED',
    },
    () => ({ ...given().one, trust: trustIn([given().world.company, given().world.court], given().world.node) }),
  ],
  [
    'a trust file that calls the institution otherwise than the register',
    { ...UNANCHORED, anchor: 'failed INSTITUTION_MISMATCH' },
    () => {
      const organisations = given().one.trust.organisations.map((each) => ({
        ...each,
        names: { en: 'Another', zh: '别的' },
      }))
      return { ...given().one, trust: { ...given().one.trust, organisations } }
    },
  ],
]

const EVIDENCE: readonly Case[] = [
  [
    'no evidence',
    {
      certificate: 'indeterminate REVOCATION_UNKNOWN',
      seal: 'indeterminate EVIDENCE_MISSING',
      anchor: 'indeterminate EVIDENCE_MISSING',
    },
    () => ({ ...given().one, evidence: undefined }),
  ],
  [
    'the evidence of another file',
    {
      certificate: 'indeterminate REVOCATION_UNKNOWN',
      seal: 'indeterminate EVIDENCE_MISSING',
      anchor: 'indeterminate EVIDENCE_MISSING',
    },
    async () => ({ ...given().one, evidence: (await oneSeal(given().world)).evidence }),
  ],
  [
    'evidence that cannot be read',
    {
      certificate: 'indeterminate REVOCATION_UNKNOWN',
      seal: 'indeterminate EVIDENCE_MISSING',
      anchor: 'indeterminate EVIDENCE_INVALID',
    },
    () => ({ ...given().one, evidence: [given().one.evidence[0].subarray(1)] }),
  ],
  [
    'an opening that the entry does not commit to',
    { ...UNANCHORED, anchor: 'failed COMMITMENT_MISMATCH' },
    receipt({ entry: (entry) => ({ ...entry, commitment: digestOf(utf8('other')) }) }),
  ],
  [
    'the opening of another file under this signature',
    { ...UNANCHORED, anchor: 'failed REVISION_MISMATCH' },
    receipt({ opening: (opening) => ({ ...opening, revisionDigest: digestOf(utf8('other')) }) }),
  ],
  ...(['signedAttributes', 'certificate', 'token'] as const).map(
    (member): Case => [
      `the opening of another ${member}`,
      { ...UNANCHORED, anchor: 'failed OPENING_MISMATCH' },
      receipt({ opening: (opening) => ({ ...opening, [member]: digestOf(utf8('other')) }) }),
    ],
  ),
  [
    'the opening of another use',
    { ...UNANCHORED, anchor: 'failed ENTRY_MISMATCH' },
    receipt({ opening: (opening) => ({ ...opening, id: '00'.repeat(16) as typeof opening.id }) }),
  ],
  [
    'an entry with another time',
    { ...UNANCHORED, anchor: 'failed ENTRY_MISMATCH' },
    receipt({ entry: (entry) => ({ ...entry, tokenTime: LATER }) }),
  ],
  [
    'an entry of another seal',
    { ...UNANCHORED, anchor: 'failed SEAL_USE_MISMATCH' },
    receipt({ entry: (entry) => ({ ...entry, seal: 'contract' as SealId }) }),
  ],
  [
    'an inclusion proof of another place',
    { ...UNANCHORED, anchor: 'failed INCLUSION_PROOF_INVALID' },
    receipt({ receipt: (made) => ({ ...made, index: 4 }) }),
  ],
  [
    'an inclusion proof cut short',
    { ...UNANCHORED, anchor: 'failed INCLUSION_PROOF_INVALID' },
    receipt({ receipt: (made) => ({ ...made, proof: made.proof.slice(1) }) }),
  ],
  [
    'preservation tokens over other attestations',
    { ...UNANCHORED, anchor: 'failed PRESERVATION_MISMATCH' },
    async () => {
      const token = await tokenOf(given().world.court.pki.tsa, sha256(utf8('other')), SEALED_AT)
      const preservation = { crls: [], tokens: [toBase64(token)] }
      return oneSeal(given().world, { receipt: { receipt: (made) => ({ ...made, preservation }) } })
    },
  ],
]

const ATTESTATION: readonly Case[] = [
  [
    'an attestation by another key',
    { ...UNANCHORED, anchor: 'indeterminate ATTESTER_NOT_TRUSTED' },
    async () => oneSeal(given().world, { receipt: { attester: await newKey() } }),
  ],
  [
    'an attestation whose signature is of another statement',
    { ...UNANCHORED, anchor: 'indeterminate ATTESTER_NOT_TRUSTED' },
    receipt({
      receipt: (made) => ({
        ...made,
        attestations: made.attestations.map((each) =>
          each.kind === 'node' ? { ...each, statement: { ...each.statement, from: 0 } } : each,
        ),
      }),
    }),
  ],
  [
    'an attestation whose signature is zeros',
    { ...UNANCHORED, anchor: 'indeterminate ATTESTER_NOT_TRUSTED' },
    receipt({ receipt: (made) => ({ ...made, attestations: made.attestations.map(zeroed) }) }),
  ],
  [
    'an attestation whose signature has the high s',
    { ...UNANCHORED, anchor: 'indeterminate ATTESTER_NOT_TRUSTED' },
    receipt({ receipt: (made) => ({ ...made, attestations: made.attestations.map(highS) }) }),
  ],
  ...(
    [
      ['channel', { channel: 'another' }],
      ['size', { size: 10 }],
    ] as const
  ).map(
    ([member, change]): Case => [
      `an attestation of another ${member}`,
      { ...UNANCHORED, anchor: 'failed ATTESTATION_MISMATCH' },
      receipt({ statement: (statement) => ({ ...statement, ...change }) }),
    ],
  ),
  [
    'an attestation of another institution',
    { ...UNANCHORED, anchor: 'failed ATTESTATION_MISMATCH' },
    receipt({ statement: (statement) => ({ ...statement, institution: given().world.company.id }) }),
  ],
  [
    "an attestation of another institution's register",
    { ...UNANCHORED, anchor: 'failed ATTESTATION_MISMATCH' },
    receipt({ statement: (statement) => ({ ...statement, registered: given().world.company.institution }) }),
  ],
  [
    'an attestation of another seal',
    { ...UNANCHORED, anchor: 'failed ATTESTATION_MISMATCH' },
    receipt({ present: { id: 'contract' as SealId } }),
  ],
  [
    'an attestation of another certificate',
    { ...UNANCHORED, anchor: 'failed ATTESTATION_MISMATCH' },
    receipt({ record: { digest: digestOf(utf8('other')) } }),
  ],
  [
    'an attestation that says nothing of the certificate',
    { certificate: 'indeterminate REVOCATION_UNKNOWN' },
    receipt({ statement: ({ certificate: _, ...statement }) => statement }),
  ],
  [
    'an attestation that says nothing of the seal',
    { seal: 'indeterminate SEAL_NOT_ATTESTED' },
    receipt({ statement: ({ seal: _, ...statement }) => statement }),
  ],
  [
    'an attested register without the seal CA',
    { certificate: 'failed SEAL_CA_NOT_REGISTERED' },
    receipt({ statement: (made) => ({ ...made, registered: { ...made.registered, sealCas: [] } }) }),
  ],
  ['a head older than demanded', { anchor: 'indeterminate HEAD_TOO_OLD' }, () => ({ ...given().one, minHead: 10 })],
  [
    'two attested roots for one size, in two receipts',
    { ...UNANCHORED, anchor: 'failed LEDGER_FORK' },
    async () => {
      const other = await receiptOf(given().world, given().one.sealed[0], { index: 4 })
      return { ...given().one, evidence: [evidenceOf([...given().one.receipts, other])] }
    },
  ],
  [
    'two attested registers for one size, in one receipt, however old the head',
    { ...UNANCHORED, anchor: 'failed LEDGER_FORK' },
    async () => {
      const [made] = given().one.receipts
      const [first] = made.attestations
      if (first.kind !== 'node' || first.statement.seal === undefined) throw new Error('no seal in the statement')
      const seal = { ...first.statement.seal, status: 'retired' as const, since: EARLIER }
      const second = await attest(given().world.node, { ...first.statement, seal })
      return { ...given().one, minHead: 100, evidence: [evidenceOf([{ ...made, attestations: [first, second] }])] }
    },
  ],
]

const zeroed = <T extends object>(attestation: T): T => ({ ...attestation, signature: toBase64(new Uint8Array(64)) })

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
function highS<T extends { readonly signature?: string }>(attestation: T): T {
  const raw = Buffer.from(attestation.signature ?? '', 'base64')
  const s = ORDER - BigInt(`0x${raw.subarray(32).toString('hex')}`)
  const signature = toBase64(new Uint8Array([...raw.subarray(0, 32), ...fromHex(s.toString(16).padStart(64, '0'))]))
  return { ...attestation, signature }
}

judges('what is trusted', TRUST)
judges('the evidence', EVIDENCE)
judges('the attestation', ATTESTATION)
