import { utf8 } from '@cinnabar/core'
import { METADATA, METADATA_FUNCTION } from './metadata'
import { RuleError, ruleErrorText } from './rules/errors'
import { invoke } from './rules/invoke'
import { callOf, type Identity, type Stub, stateOf, transactionOf } from './stub-context'

/** What a peer gets to hear. Only status 200 is endorsed. */
export type Response =
  | { readonly status: 200; readonly payload: Uint8Array }
  | { readonly status: 500; readonly message: string }

/** The chaincode in the shape that fabric-shim runs. */
export interface Chaincode {
  Init(stub: Stub): Promise<Response>
  Invoke(stub: Stub): Promise<Response>
}

/** What the shell needs of its surroundings. */
export interface Surroundings {
  /** This peer's clock, ms since 1970. */
  now(): number
  /** The caller of a transaction, from its certificate. */
  identityOf(stub: Stub): Identity
  /** Told of what is no refusal by the rules but a fault. */
  report(fault: unknown): void
}

/**
 * The rules as Fabric chaincode: a thin shell that knows nothing of what it guards. It is a plain `Init`/`Invoke` pair and
 * no fabric-contract-api class: the rules already dispatch by name and read their arguments strictly, where the API
 * would parse them a second time and by looser rules, and name each function a second time in decorators.
 */
export function newChaincode(surroundings: Surroundings): Chaincode {
  const run = async (stub: Stub): Promise<Response> => {
    try {
      return { status: 200, payload: await call(stub, surroundings) }
    } catch (refusal) {
      if (refusal instanceof RuleError) return { status: 500, message: ruleErrorText(refusal) }
      surroundings.report(refusal)
      return { status: 500, message: 'INTERNAL: the chaincode failed; its log says more' }
    }
  }
  return { Init: run, Invoke: run }
}

async function call(stub: Stub, { now, identityOf }: Surroundings): Promise<Uint8Array> {
  const { name, args } = callOf(stub)
  if (name === METADATA_FUNCTION) return utf8(JSON.stringify(METADATA))
  const transaction = transactionOf(stub, identityOf(stub), now())
  return invoke(stateOf(stub), transaction, name, args, stub.getTransient())
}
