import { toBase64 } from '../encode/bytes'
import { digestOf } from '../model/digest'
import type { InstitutionId, SealId } from '../model/identifiers'
import type { Institution, InstitutionKind, Names } from '../model/institution'
import type { Seal } from '../model/seal'
import { time } from '../model/time'
import type { Organisation, Trust } from '../model/trust'
import type { GlyphSource } from '../seal/glyphs'
import { drawSealPicture, pictureDigest, type SealPicture } from '../seal/picture'
import { newKey, type TestKey } from './keys'
import { type Holder, newPki, type Pki, sealCertificate } from './pki'

/** An institution with its authorities, one seal and the key that it seals with. */
export interface Party {
  readonly id: InstitutionId
  readonly institution: Institution
  readonly pki: Pki
  readonly holder: Holder
  readonly seal: Seal
  readonly picture: SealPicture
}

/** A consortium of three and its one node: everything that seals and what a verifier trusts of it. */
export interface World {
  readonly bureau: Party
  readonly company: Party
  /** Its timestamps count for the other two. */
  readonly court: Party
  readonly node: TestKey
  readonly trust: Trust
}

/** Every character is a box with a hole: enough to be drawn, and small. */
export const BOX_GLYPHS: GlyphSource = {
  glyph: (character) => {
    const [width, hole] = [800 + ((character.codePointAt(0) ?? 0) % 200), 300]
    return {
      unitsPerEm: 1000,
      advance: 1000,
      path: [
        ['M', 0, 0],
        ['L', width, 0],
        ['L', width, 800],
        ['L', 0, 800],
        ['Z'],
        ['M', hole, hole],
        ['L', hole, 500],
        ['L', 500, 500],
        ['Z'],
      ],
    }
  },
}

const TIMES = { notBefore: time('2021-01-01T00:00:00Z', ''), notAfter: time('2039-01-01T00:00:00Z', '') }

/** Makes a consortium with fresh keys. */
export async function newWorld(): Promise<World> {
  const [bureau, company, court] = await Promise.all([
    newParty('JiangzhouBureau', 'agency', { en: 'Jiangzhou Bureau', zh: '江州市审批局' }),
    newParty('HengyuanTrade', 'enterprise', { en: 'Hengyuan Trade', zh: '恒远贸易公司' }),
    newParty('JiangzhouCourt', 'court', { en: 'Jiangzhou Court', zh: '江州市法院' }),
  ])
  const node = await newKey()
  return { bureau, company, court, node, trust: trustIn([bureau, company, court], node) }
}

async function newParty(name: string, kind: InstitutionKind, names: Names): Promise<Party> {
  const id = name as InstitutionId
  const pki = await newPki(id)
  const holder = await sealCertificate(pki)
  const picture = drawSealPicture({ kind: 'official', institutionName: names.zh }, BOX_GLYPHS)
  const institution: Institution = { id, kind, names, sealCas: [pki.sealCa.digest], type: 'cinnabar.institution.v1' }
  const seal: Seal = {
    appearance: pictureDigest(picture),
    certificate: holder.digest,
    displayName: `${names.zh}公章`,
    heightUm: picture.heightMm * 1000,
    id: 'official' as SealId,
    institution: id,
    kind: 'official',
    ...TIMES,
    status: 'active',
    suspensions: [],
    type: 'cinnabar.seal.v1',
    widthUm: picture.widthMm * 1000,
  }
  return { id, institution, pki, holder, seal, picture }
}

/** A trust file for these parties and this one node. */
export function trustIn(parties: readonly Party[], node: TestKey): Trust {
  return {
    chaincode: 'cinnabar',
    channel: 'cinnabar',
    demonstration: true,
    issued: time('2026-01-01T00:00:00Z', ''),
    name: { en: 'Test consortium', zh: '测试联盟' },
    organisations: parties.map(organisationOf),
    quorum: { independentKinds: ['agency', 'court'], organisations: 2 },
    singleOperator: { key: toBase64(node.spki), name: { en: 'Test node', zh: '测试节点' } },
    type: 'cinnabar.trust.v1',
    version: 1,
  }
}

function organisationOf({ institution: { id, kind, names }, pki }: Party): Organisation {
  const tsas = [{ certificate: toBase64(pki.tsa.certificate) }]
  return { id, kind, names, roots: [], sealCas: [toBase64(pki.sealCa.certificate)], tsas }
}

/** The digest by which an attestation names the node's key. */
export function nodeKeyDigest(node: TestKey) {
  return digestOf(node.spki)
}
