import { encodeCanonical, toBase64 } from '@cinnabar/core'

/** A trust file of our consortium, whose certificates are none. */
export function sampleTrust(version = 1): Uint8Array {
  const der = toBase64(new Uint8Array([0x30, 0]))
  const organisation = (id: string, kind: string) => ({
    id,
    kind,
    names: { en: id, zh: id },
    roots: [],
    sealCas: [der],
    tsas: [],
  })
  return encodeCanonical({
    chaincode: 'cinnabar',
    channel: 'cinnabar',
    demonstration: false,
    issued: '2026-11-22T00:00:00Z',
    name: { en: 'Jiangzhou consortium', zh: '江州联盟' },
    organisations: [organisation('JiangzhouBureau', 'agency'), organisation('JiangzhouCourt', 'court')],
    quorum: { independentKinds: ['court'], organisations: 2 },
    type: 'cinnabar.trust.v1',
    version,
  })
}
