import { isKind, type PdfObject } from '../pdf/objects'

/** How often which objects of the signed revision refer to an object, 0 standing for the trailer and -1 for what nobody follows there. */
export type Referrers = ReadonlyMap<number, ReadonlyMap<number, number>>

/** An object and how often it refers to another for one purpose. */
export type Owner = readonly [number: number, times: number]

/** Whether an object may have become what it is now. */
export type Judge = (before: PdfObject, after: PdfObject) => boolean

/** What changed objects are for, and by that what may become of them. An object without a role may not change. */
export class Roles {
  readonly #referrers: Referrers
  readonly #judges = new Map<number, Judge>()

  constructor(referrers: Referrers) {
    this.#referrers = referrers
  }

  set(number: number, judge: Judge): void {
    // Two roles for one object mean that it is used for two things; no change suits both.
    this.#judges.set(number, this.#judges.has(number) ? () => false : judge)
  }

  /** An indirect object has its role only if nothing but its owners refers to it, and they for nothing else. */
  setReferred(object: PdfObject | undefined, owners: readonly Owner[], judge: Judge): void {
    if (isKind(object, 'ref') && this.isOwned(object.number, owners)) this.set(object.number, judge)
  }

  isOwned(number: number, owners: readonly Owner[]): boolean {
    const allowed = new Map(owners)
    return [...(this.#referrers.get(number) ?? [])].every(([from, times]) => times <= (allowed.get(from) ?? 0))
  }

  permits(number: number, before: PdfObject, after: PdfObject): boolean {
    return this.#judges.get(number)?.(before, after) === true
  }
}
