import {
  CertificateFormat,
  type CertificateRecord,
  type Change,
  type Institution,
  InstitutionFormat,
  type LogHead,
  type Seal,
  SealFormat,
  TsaFormat,
  type TsaRecord,
} from '@cinnabar/core'
import { type Context, readRecord, requireInstitution } from './context'
import { RuleError } from './errors'
import { appendEntries, type OpenLog, openLog, registerEntryOf } from './log'
import { KEY } from './state'

type RegisterWord = Parameters<typeof registerEntryOf>[1]
type Found = Extract<Change, { change: 'found' }>

/**
 * Founds an institution. The first one, an agency or a court, founds itself; every later one is admitted by the
 * registrar of a registered agency or court. Its log begins with this entry.
 * @throws {@link RuleError} `ALREADY_REGISTERED`, `CALLER_NOT_PERMITTED`.
 */
export async function found(context: Context, { institution }: Found): Promise<LogHead> {
  const { state } = context
  if ((await state.get(KEY.institution(institution.id))) !== undefined) {
    throw new RuleError('ALREADY_REGISTERED', `${institution.id} is registered`, { institution: institution.id })
  }
  await requireFounder(context, institution)
  const record: Institution = { ...institution, sealCas: [] }
  return changeInstitution(context, await openLog(context, record.id), 'founded', record, record.id)
}

async function requireFounder(context: Context, founded: Found['institution']): Promise<void> {
  const { caller } = context.transaction
  const admits = (kind: Institution['kind']) => kind === 'agency' || kind === 'court'
  const refused = (why: string) => {
    const details = { institution: founded.id, caller: caller.institution, callerRole: caller.role ?? '' }
    return new RuleError('CALLER_NOT_PERMITTED', why, details)
  }
  if (caller.role !== 'registrar') throw refused('only a registrar founds an institution')
  if (await isFirst(context)) {
    if (caller.institution === founded.id && admits(founded.kind)) return
    throw refused('the first institution is an agency or a court and founds itself')
  }
  const admitting = await readRecord(context.state, KEY.institution(caller.institution), InstitutionFormat)
  if (admitting !== undefined && admits(admitting.kind)) return
  throw refused('only a registered agency or court admits an institution')
}

async function isFirst({ state }: Context): Promise<boolean> {
  for await (const _ of state.range('institution/', 'institution0')) return false
  return true
}

/** The log and record of an institution whose registrar is calling. */
export async function openRegister(context: Context, id: Institution['id']): Promise<OpenLog> {
  await requireInstitution(context, id)
  return openLog(context, id)
}

/** Writes the institution's record, now and as of the new size, and the entry of the change. */
export async function changeInstitution(
  context: Context,
  log: OpenLog,
  word: RegisterWord,
  record: Institution,
  subject: string,
): Promise<LogHead> {
  const bytes = InstitutionFormat.encode(record)
  await context.state.put(KEY.institution(record.id), bytes)
  await context.state.put(KEY.institutionAt(record.id, log.range.size + 1), bytes)
  return appendEntries(context, log, [registerEntryOf(record.id, word, subject, InstitutionFormat.digest(record))])
}

/** Writes the certificate's record, now and as of the new size, and the entry of the change. */
export async function changeCertificate(
  context: Context,
  log: OpenLog,
  word: RegisterWord,
  record: CertificateRecord,
): Promise<LogHead> {
  const { institution, digest } = record
  const bytes = CertificateFormat.encode(record)
  await context.state.put(KEY.certificate(institution, digest), bytes)
  await context.state.put(KEY.certificateAt(institution, digest, log.range.size + 1), bytes)
  return appendEntries(context, log, [registerEntryOf(institution, word, digest, CertificateFormat.digest(record))])
}

/** Writes the seal's record, now and as of the new size, and the entry of the change. */
export async function changeSeal(context: Context, log: OpenLog, word: RegisterWord, record: Seal): Promise<LogHead> {
  const { institution, id } = record
  const bytes = SealFormat.encode(record)
  await context.state.put(KEY.seal(institution, id), bytes)
  await context.state.put(KEY.sealAt(institution, id, log.range.size + 1), bytes)
  return appendEntries(context, log, [registerEntryOf(institution, word, id, SealFormat.digest(record))])
}

/** Writes the authority's record and the entry of the change in its institution's log. */
export async function changeTsa(
  context: Context,
  log: OpenLog,
  word: RegisterWord,
  record: TsaRecord,
): Promise<LogHead> {
  const { institution, digest } = record
  await context.state.put(KEY.tsa(institution, digest), TsaFormat.encode(record))
  return appendEntries(context, log, [registerEntryOf(institution, word, digest, TsaFormat.digest(record))])
}
