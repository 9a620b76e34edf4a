import { type Change, encodeCanonical, HeadFormat, type Json, type LogHead, StatementFormat } from '@cinnabar/core'
import { append } from './append'
import { CHANGE_NAMES, exactly, PLAIN, parseAppend, parseAttestRequest, parseChange } from './arguments'
import { attest } from './attest'
import { registerCertificate, registerSealCa, registerTsa, revokeCertificate, withdrawTsa } from './certificates'
import { type Context, refuseSealKey, type Transaction } from './context'
import { RuleError } from './errors'
import { readHead } from './log'
import {
  queryAppendOf,
  queryCertificate,
  queryCertificates,
  queryInstitution,
  queryInstitutions,
  querySeal,
  querySeals,
  queryTsas,
} from './queries'
import { found } from './register'
import { registerSeal, renewSeal, resumeSeal, retireSeal, suspendSeal } from './seals'
import type { State } from './state'

type Transient = ReadonlyMap<string, Uint8Array>
type Rule = (context: Context, args: readonly string[], transient: Transient) => Promise<Uint8Array>

const CHANGE_RULES: {
  readonly [K in Change['change']]: (context: Context, change: Extract<Change, { change: K }>) => Promise<LogHead>
} = {
  found,
  registerSealCa,
  registerTsa,
  withdrawTsa,
  registerCertificate,
  revokeCertificate,
  registerSeal,
  suspendSeal,
  resumeSeal,
  retireSeal,
  renewSeal,
}

function changeRule(change: Change['change']): Rule {
  const rule = CHANGE_RULES[change] as (context: Context, change: Change) => Promise<LogHead>
  return async (context, args) => {
    const parsed = parseChange(change, args)
    await refuseSealKey(context)
    return HeadFormat.encode(await rule(context, parsed))
  }
}

const appendRule: Rule = async (context, args, transient) => {
  const parsed = parseAppend(args, transient)
  await refuseSealKey(context)
  return HeadFormat.encode(await append(context, parsed))
}

function query(count: number, read: (context: Context, args: readonly string[]) => Promise<unknown>): Rule {
  return async (context, args) => encodeCanonical((await read(context, exactly(args, count))) as Json)
}

/** Every function of the chaincode, by name. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...CHANGE_NAMES.map((change) => [change, changeRule(change)] as const),
  ['append', appendRule],
  ['attest', async (context, args) => StatementFormat.encode(await attest(context, parseAttestRequest(args)))],
  ['head', query(1, ({ state }, [id]) => readHead(state, PLAIN.institution(id)))],
  ['appendOf', query(2, (context, [id, index]) => queryAppendOf(context, PLAIN.institution(id), PLAIN.count(index)))],
  ['institution', query(1, (context, [id]) => queryInstitution(context, PLAIN.institution(id)))],
  ['institutions', query(0, queryInstitutions)],
  ['seal', query(2, (context, [id, seal]) => querySeal(context, PLAIN.institution(id), PLAIN.seal(seal)))],
  ['seals', query(1, (context, [id]) => querySeals(context, PLAIN.institution(id)))],
  [
    'certificate',
    query(2, (context, [id, digest]) => queryCertificate(context, PLAIN.institution(id), PLAIN.digest(digest))),
  ],
  ['certificates', query(1, (context, [id]) => queryCertificates(context, PLAIN.institution(id)))],
  ['tsas', query(0, queryTsas)],
])

/**
 * Runs one call of the chaincode. Deterministic: the same state, transaction and arguments give the same result and
 * writes on every peer.
 * @param args - as the transaction's proposal has them: public, in blocks.
 * @param transient - never in a block: `uses` of an append.
 * @returns canonical JSON.
 * @throws {@link RuleError} what is refused. The shell drops the writes of a call that throws.
 */
export async function invoke(
  state: State,
  transaction: Transaction,
  name: string,
  args: readonly string[],
  transient: ReadonlyMap<string, Uint8Array>,
): Promise<Uint8Array> {
  const rule = RULES.get(name)
  if (rule === undefined) throw new RuleError('FUNCTION_UNKNOWN', 'no such function', { function: name.slice(0, 64) })
  return rule({ state, transaction }, args, transient)
}
