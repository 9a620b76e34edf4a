import { toBase64 } from '../encode/bytes'
import { time } from '../model/time'
import type { RecognisedConsortium, TrustList } from '../model/trust-list'
import { signTrustList } from '../seal/sign-trust-list'
import type { TestKey } from './keys'
import type { World } from './sealed-world'

/** A list of one consortium in Hong Kong, in force from 2020 to 2039. */
export function listOf(
  operator: Pick<TestKey, 'spki'>,
  { trust }: Pick<World, 'trust'>,
  changes: Partial<TrustList> & { readonly consortium?: Partial<RecognisedConsortium> } = {},
): TrustList {
  const { consortium, ...rest } = changes
  return {
    consortia: [{ policies: [], region: 'HK', trust, ...consortium }],
    expires: time('2039-01-01T00:00:00Z', ''),
    issued: time('2020-01-01T00:00:00Z', ''),
    name: { en: 'Hong Kong list', zh: '香港名单' },
    operator: { key: toBase64(operator.spki), name: { en: 'Operator', zh: '发布方' } },
    sequence: 1,
    type: 'cinnabar.trustList.v1',
    ...rest,
  }
}

/** The same as it is published. */
export function publishedList(
  operator: TestKey,
  ...list: readonly [World, Parameters<typeof listOf>[2]?]
): Promise<Uint8Array> {
  return signTrustList(listOf(operator, ...list), operator.signer)
}
