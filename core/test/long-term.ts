import type { AdesValidation } from '../src/model/report'
import { type Holder, type HolderRequest, newHolder } from '../src/testing/pki'
import { day } from '../src/testing/preserved'
import { contractPdf, type SealChanges, sealPdf } from '../src/testing/sealed-sample'
import type { World } from '../src/testing/sealed-world'
import { type VerifyRequest, verify } from '../src/verify/verify'
import { holderOf } from './authorities'
import type { TestCertificate } from './pki'

/** An authority, valid for these years. */
export function authority(profile: HolderRequest['profile'], from: string, until: string, issuer?: Holder) {
  return newHolder({ profile, commonName: profile, notBefore: day(from), notAfter: day(until), issuer })
}

export const SIGNED_AT = day('2026-11-22')

/** A signature of {@link SIGNED_AT} by this signer, with a timestamp, that is no seal. */
export async function signedBy(
  signer: TestCertificate,
  { world, tsa }: { readonly world: World; readonly tsa: Holder },
  changes: SealChanges = {},
): Promise<Uint8Array> {
  const given = { use: null, holder: holderOf(signer), tsa, at: SIGNED_AT, ...changes }
  return (await sealPdf(world, contractPdf(), world.bureau, given)).pdf
}

/** The validation of the file's only signature. */
export async function adesOf(request: VerifyRequest): Promise<AdesValidation> {
  const { signatures } = await verify(request)
  if (signatures.length !== 1) throw new Error(`${signatures.length} signatures`)
  return signatures[0].ades
}

/** Process, indication and sub-indication in one line. */
export async function word(request: VerifyRequest): Promise<string> {
  const { process, indication, subIndication } = await adesOf(request)
  return [process, indication, subIndication].filter((one) => one !== null).join(' ')
}
