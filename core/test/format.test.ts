import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AppendFormat,
  BlockProofFormat,
  CertificateFormat,
  ClaimsFormat,
  concat,
  digestOf,
  EntryFormat,
  EvidenceFormat,
  type Format,
  fromUtf8,
  HeadFormat,
  InstitutionFormat,
  OpeningFormat,
  ReceiptFormat,
  SealFormat,
  SignedTrustListFormat,
  StatementFormat,
  TrustFormat,
  TsaFormat,
  utf8,
} from '@cinnabar/core'

const FORMATS: Readonly<Record<string, Format<unknown>>> = {
  'cinnabar.institution.v1': InstitutionFormat as Format<unknown>,
  'cinnabar.certificate.v1': CertificateFormat as Format<unknown>,
  'cinnabar.tsa.v1': TsaFormat as Format<unknown>,
  'cinnabar.seal.v1': SealFormat as Format<unknown>,
  'cinnabar.entry.v1': EntryFormat as Format<unknown>,
  'cinnabar.opening.v1': OpeningFormat as Format<unknown>,
  'cinnabar.depositOpening.v1': OpeningFormat as Format<unknown>,
  'cinnabar.append.v1': AppendFormat as Format<unknown>,
  'cinnabar.head.v1': HeadFormat as Format<unknown>,
  'cinnabar.attest.v1': StatementFormat as Format<unknown>,
  'cinnabar.receipt.v1': ReceiptFormat as Format<unknown>,
  'cinnabar.trust.v1': TrustFormat as Format<unknown>,
  'cinnabar.blockProof.v1': BlockProofFormat as Format<unknown>,
  'cinnabar.claims.v1': ClaimsFormat as Format<unknown>,
  'cinnabar.signedTrustList.v1': SignedTrustListFormat as Format<unknown>,
  'cinnabar.evidence.v1': EvidenceFormat as Format<unknown>,
}

const text = readFileSync(join(__dirname, '../FORMAT.md'), 'utf8')
const samples = [...text.matchAll(/^```json\n(\{.*\})\n```$/gm)].map(([, sample]) => sample)
const typeOf = (sample: string): string => JSON.parse(sample).type
const find = (type: string) => samples.filter((sample) => typeOf(sample) === type).map((sample) => JSON.parse(sample))

describe('FORMAT.md', () => {
  it('shows a sample of every record', () => {
    expect(new Set(samples.map(typeOf))).toEqual(new Set(Object.keys(FORMATS)))
  })

  it.each(samples.map((sample) => [typeOf(sample), sample]))('has a canonical sample of %s', (type, sample) => {
    const format = FORMATS[type]
    expect(fromUtf8(format.encode(format.parse(utf8(sample))))).toBe(sample)
  })

  it.each(samples.map((sample) => [typeOf(sample), sample]))(
    'has a sample of %s that no reader may stretch',
    (type, sample) => {
      const parse = (bytes: string) => () => FORMATS[type].parse(utf8(bytes))
      expect(parse(`${sample}\n`)).toThrow(expect.objectContaining({ code: 'FORMAT_NOT_CANONICAL' }))
      expect(parse(sample.replace('{', '{"aaa":1,'))).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }))
      expect(parse(sample.slice(0, -1))).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }))
    },
  )

  it('has samples that fit together as its words say', () => {
    const [receipt] = find('cinnabar.receipt.v1')
    const [entry] = find('cinnabar.entry.v1').filter(({ kind }) => kind === 'sealSignature')
    const [opening] = find('cinnabar.opening.v1')
    const [head] = find('cinnabar.head.v1')
    expect(entry.commitment).toBe(OpeningFormat.digest(opening))
    expect(entry.sealRecord).toBe(SealFormat.digest(receipt.seal))
    expect(receipt.entry).toEqual(entry)
    expect(head.root).toBe(digestOf(concat(Uint8Array.of(0), EntryFormat.encode(entry))))
    expect(receipt.attestations[0].statement.root).toBe(head.root)
  })
})
