import type { SignerDraft } from '../src/cms/sign'
import { parseSignedAttributes } from '../src/cms/signed-data'
import type { Der } from '../src/encode/der'
import { oid, sequence, setOf } from '../src/encode/der-write'
import type { Holder } from '../src/testing/pki'

type Values = Readonly<Record<string, Der | undefined>>

/** Signed attributes with some in place of others, or left out. */
export function withAttributes({ signedAttributes }: SignerDraft, values: Values): Der {
  const kept = [...parseSignedAttributes(signedAttributes)].filter(([type]) => !(type in values))
  const all = [
    ...kept,
    ...Object.entries(values).flatMap(([type, value]) => (value === undefined ? [] : [[type, [value]] as const])),
  ]
  return setOf(...all.map(([type, list]) => sequence(oid(type), setOf(...list))))
}

/** The same signature over other attributes. */
export function resigned(values: Values) {
  return async (draft: SignerDraft, by: Holder): Promise<SignerDraft> => {
    const signedAttributes = withAttributes(draft, values)
    return { ...draft, signedAttributes, signature: await by.key.signer.sign(signedAttributes) }
  }
}
