import type { AdesValidation } from '../src/model/report'
import { type Holder, type HolderRequest, newHolder } from '../src/testing/pki'
import { day } from '../src/testing/preserved'
import { type VerifyRequest, verify } from '../src/verify/verify'

/** An authority, valid for these years. */
export function authority(profile: HolderRequest['profile'], from: string, until: string, issuer?: Holder) {
  return newHolder({ profile, commonName: profile, notBefore: day(from), notAfter: day(until), issuer })
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
