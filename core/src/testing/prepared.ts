import { readPdf } from '../pdf/document'
import { array, dict, name, number, type PdfObject } from '../pdf/objects'
import { signatureFields } from '../pdf/signature-field'
import { preserved } from './preserved'
import { oneSeal, type Sample, twoSeals } from './sealed-evidence'
import { contractPdf } from './sealed-sample'
import type { World } from './sealed-world'

/** What is sealed before it is attacked. */
export interface Preparation {
  /** The contract as it is to be sealed, given the number that its signature's object will have if no object is added. */
  readonly base?: (contract: Uint8Array, signature: number) => Uint8Array
  /** The DocMDP level that the seal states, ISO 32000-2 table 257; none unless given. */
  readonly level?: 1 | 2 | 3
}

/** DocMDP, ISO 32000-2 12.8.2.2. */
export function levelEntries(level: number): Readonly<Record<string, PdfObject>> {
  const parameters = dict({ P: number(level) })
  return { Reference: array([dict({ TransformMethod: name('DocMDP'), TransformParams: parameters })]) }
}

/** The contract sealed once, by two parties unless the first permits no other, and preserved for decades. */
export interface PreparedSamples {
  readonly one: Sample
  readonly two?: Sample
  readonly lasting: Sample
}

export async function preparedSamples(world: World, { base, level }: Preparation): Promise<PreparedSamples> {
  const plain = await oneSeal(world)
  const [field] = signatureFields(readPdf(plain.pdf))
  const contract = base?.(contractPdf(), field.signature?.ref?.number ?? 0)
  const seal = level === undefined ? {} : { entries: levelEntries(level) }
  const one = await oneSeal(world, { base: contract, seal })
  const lasting = await preserved(one, world)
  return level === undefined ? { one, two: await twoSeals(world, { base: contract }), lasting } : { one, lasting }
}
