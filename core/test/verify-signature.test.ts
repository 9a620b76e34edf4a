import { CMS_OID } from '../src/cms/cms-oids'
import { signingCertificateV2 } from '../src/cms/ess'
import { SEAL_USE_OID } from '../src/cms/seal-use'
import { concat, utf8 } from '../src/encode/bytes'
import { type Der, readDer } from '../src/encode/der'
import { context, integer, oid, sequence, setOf } from '../src/encode/der-write'
import { parseCertificate } from '../src/x509/certificate'
import { resigned, withAttributes } from './resigned'
import { type Case, type Faults, given, judges, sample, UNANCHORED } from './verify-cases'

const SEALED = {
  certificate: 'indeterminate SIGNER_UNKNOWN',
  seal: 'indeterminate SEAL_UNNAMED',
  anchor: 'indeterminate SEAL_UNNAMED',
}
const UNSEALED: Faults = { ...SEALED, certificate: 'indeterminate SIGNER_UNKNOWN' }
const octets = (length: number) => concat(Uint8Array.of(4, length), new Uint8Array(length))

const NO_CMS: Faults = {
  integrity: 'indeterminate DIGEST_UNKNOWN',
  certificate: 'indeterminate CERTIFICATE_MISSING',
  timestamp: 'indeterminate TIMESTAMP_MISSING',
  seal: 'indeterminate SEAL_UNNAMED',
  anchor: 'indeterminate SEAL_UNNAMED',
}
const cms = (change: (cms: Uint8Array) => Uint8Array) => sample({ seal: { cms: change } })

const SIGNATURE: readonly Case[] = [
  ['a foreign signature without sealUse', UNSEALED, sample({ seal: { use: null } })],
  [
    'a signature of another institution and its seal',
    {
      ...UNANCHORED,
      certificate: 'indeterminate PATH_NOT_FOUND',
      anchor: 'failed SEAL_USE_MISMATCH',
      seal: 'failed SEAL_MISMATCH',
    },
    sample({ seal: { use: { institution: 'HengyuanTrade' } } }),
  ],
  ['Contents that is no CMS', { ...NO_CMS, signature: 'failed CMS_INVALID' }, cms(() => utf8('no CMS at all'))],
  [
    'a signature of a kind that is not judged',
    { ...NO_CMS, integrity: 'indeterminate SUBFILTER_UNSUPPORTED', signature: 'indeterminate SUBFILTER_UNSUPPORTED' },
    sample({ seal: { subFilter: 'adbe.pkcs7.sha1' } }),
  ],
  [
    'a CMS with content of its own',
    { ...NO_CMS, signature: 'failed CMS_INVALID' },
    cms((der) => rebuilt(der, () => ({ 2: sequence(oid(CMS_OID.data), context(0, octets(32))) }))),
  ],
  [
    'a CMS with bytes after it',
    { ...NO_CMS, signature: 'failed CMS_INVALID' },
    cms((der) => concat(der, Uint8Array.of(1))),
  ],
  [
    'a CMS with two signatures',
    { ...NO_CMS, signature: 'failed CMS_SIGNERS' },
    cms((der) =>
      rebuilt(der, ([, , , , signers]) => ({
        4: setOf(...readDer(signers).children.map((one) => concat(one.der, one.der))),
      })),
    ),
  ],
  [
    'a CMS without the certificate',
    {
      ...UNANCHORED,
      signature: 'indeterminate CERTIFICATE_MISSING',
      certificate: 'indeterminate CERTIFICATE_MISSING',
      anchor: 'failed OPENING_MISMATCH',
    },
    cms((der) => rebuilt(der, () => ({ 3: context(0) }))),
  ],
  [
    'a signature by another key',
    { signature: 'failed SIGNATURE_INVALID' },
    sample({
      seal: {
        draft: async (draft) => ({
          ...draft,
          signature: await given().world.company.holder.key.signer.sign(draft.signedAttributes),
        }),
      },
    }),
  ],
  [
    'signed attributes changed after signing',
    { signature: 'failed SIGNATURE_INVALID', integrity: 'failed DIGEST_MISMATCH' },
    sample({
      seal: {
        draft: async (draft) => ({
          ...draft,
          signedAttributes: withAttributes(draft, { [CMS_OID.messageDigest]: octets(32) }),
        }),
      },
    }),
  ],
  [
    'bytes other than those signed',
    { integrity: 'failed DIGEST_MISMATCH' },
    sample({ seal: { draft: resigned({ [CMS_OID.messageDigest]: octets(32) }) } }),
  ],
  [
    'no message digest',
    { signature: 'failed MESSAGE_DIGEST_MISSING', integrity: 'indeterminate DIGEST_UNKNOWN' },
    sample({ seal: { draft: resigned({ [CMS_OID.messageDigest]: undefined }) } }),
  ],
  [
    'a message digest that is none',
    { signature: 'failed MESSAGE_DIGEST_MISSING', integrity: 'indeterminate DIGEST_UNKNOWN' },
    sample({ seal: { draft: resigned({ [CMS_OID.messageDigest]: integer(1) }) } }),
  ],
  [
    'another content type',
    { signature: 'failed CONTENT_TYPE_MISMATCH' },
    sample({ seal: { draft: resigned({ [CMS_OID.contentType]: oid(CMS_OID.timestampInfo) }) } }),
  ],
  [
    'a seal without ESS certificate id',
    { signature: 'failed ESS_CERTIFICATE_ABSENT' },
    sample({ seal: { draft: resigned({ [CMS_OID.signingCertificateV2]: undefined }) } }),
  ],
  [
    'a foreign signature without ESS certificate id',
    UNSEALED,
    sample({ seal: { use: null, draft: resigned({ [CMS_OID.signingCertificateV2]: undefined }) } }),
  ],
  [
    'the ESS certificate id of another certificate',
    { signature: 'failed ESS_CERTIFICATE_MISMATCH' },
    sample({
      seal: {
        draft: (draft, by) =>
          resigned({
            [CMS_OID.signingCertificateV2]: signingCertificateV2(
              parseCertificate(given().world.company.holder.certificate),
            ),
          })(draft, by),
      },
    }),
  ],
  [
    'a sealUse that is none',
    { ...UNSEALED, signature: 'failed SEAL_USE_INVALID' },
    sample({ seal: { draft: resigned({ [SEAL_USE_OID]: integer(1) }) } }),
  ],
  [
    'a digest algorithm that is not judged',
    { integrity: 'indeterminate ALGORITHM_UNSUPPORTED', signature: 'indeterminate ALGORITHM_UNSUPPORTED' },
    cms(sha224Signer),
  ],
]

/** The CMS with some parts of its SignedData in place of others: version, digests, content, certificates, signers. */
function rebuilt(cms: Der, change: (parts: readonly Der[]) => Readonly<Record<number, Der>>): Der {
  const [, wrapper] = readDer(cms).children
  const parts = wrapper.children[0].children.map(({ der }) => der)
  const changes = change(parts)
  const changed = parts.map((part, i) => changes[i] ?? part).filter(({ length }) => length > 2)
  return sequence(oid(CMS_OID.signedData), context(0, sequence(...changed)))
}

/** The signer's digest algorithm called SHA-224: the second place that names SHA-256, after the CMS's own list. */
function sha224Signer(cms: Der): Der {
  const sha256Oid = Buffer.from('608648016503040201', 'hex')
  return rebuilt(cms, ([, , , , signers]) => {
    const bytes = Buffer.from(signers)
    bytes[bytes.indexOf(sha256Oid) + 8] = 4
    return { 4: new Uint8Array(bytes) }
  })
}

judges('the signature', SIGNATURE)
