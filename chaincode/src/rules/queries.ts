import {
  type Append,
  CertificateFormat,
  type CertificateRecord,
  type Digest,
  type Institution,
  InstitutionFormat,
  type InstitutionId,
  SealFormat,
  type SealId,
  type SealState,
  TsaFormat,
  type TsaRecord,
} from '@cinnabar/core'
import { readUses } from './append'
import { type Context, parseRecord, readRecord } from './context'
import { appendOf } from './log'
import { KEY, valuesUnder } from './state'

/** A query for one thing answers with a list of none or one: canonical JSON has no null. */
type OneOrNone<T> = readonly [] | readonly [T]

export async function queryInstitution({ state }: Context, id: InstitutionId): Promise<OneOrNone<Institution>> {
  return oneOrNone(await readRecord(state, KEY.institution(id), InstitutionFormat))
}

export async function queryInstitutions({ state }: Context): Promise<readonly Institution[]> {
  return (await valuesUnder(state, 'institution/')).map((bytes) => parseRecord(bytes, InstitutionFormat))
}

export async function querySeal({ state }: Context, id: InstitutionId, seal: SealId): Promise<OneOrNone<SealState>> {
  const record = await readRecord(state, KEY.seal(id, seal), SealFormat)
  return record === undefined ? [] : [{ seal: record, uses: await readUses(state, id, seal) }]
}

export async function querySeals({ state }: Context, id: InstitutionId): Promise<readonly SealState[]> {
  const seals = (await valuesUnder(state, `seal/${id}/`)).map((bytes) => parseRecord(bytes, SealFormat))
  return Promise.all(seals.map(async (seal) => ({ seal, uses: await readUses(state, id, seal.id) })))
}

export async function queryCertificate(
  { state }: Context,
  id: InstitutionId,
  certificate: Digest,
): Promise<OneOrNone<CertificateRecord>> {
  return oneOrNone(await readRecord(state, KEY.certificate(id, certificate), CertificateFormat))
}

export async function queryCertificates({ state }: Context, id: InstitutionId): Promise<readonly CertificateRecord[]> {
  return (await valuesUnder(state, `certificate/${id}/`)).map((bytes) => parseRecord(bytes, CertificateFormat))
}

export async function queryTsas({ state }: Context): Promise<readonly TsaRecord[]> {
  return (await valuesUnder(state, 'tsa/')).map((bytes) => parseRecord(bytes, TsaFormat))
}

export async function queryAppendOf({ state }: Context, id: InstitutionId, index: number): Promise<OneOrNone<Append>> {
  return oneOrNone(await appendOf(state, id, index))
}

function oneOrNone<T>(found: T | undefined): OneOrNone<T> {
  return found === undefined ? [] : [found]
}
