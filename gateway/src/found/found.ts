import { randomBytes } from 'node:crypto'
import { CodedError, type InstitutionId, type Names, type Trust, timeOf } from '@cinnabar/core'
import { notoGlyphs } from '../appearance/noto-glyphs'
import type { Config } from '../config'
import { establishInstitution } from '../demo/establish'
import type { NewInstitution } from '../demo/institutions'
import { writeTrust } from '../demo/trust-file'
import { makeKek } from '../keys/kek'
import { type Node, type NodeOptions, openNode } from '../node'
import { createUser } from '../people/users'
import { sealingInstitutions } from '../production'

/**
 * `FOUND_ARGUMENT`: an argument is missing or not as expected. `FOUND_DEMO`: the demonstration founds its own.
 * `FOUND_SECOND_SEALER`: another institution's seal keys are kept here.
 */
export class FoundError extends CodedError<'FOUND_ARGUMENT' | 'FOUND_DEMO' | 'FOUND_SECOND_SEALER'> {}

/** What is to be founded. */
export interface FoundRequest extends NewInstitution {
  /** Log-in name of its first admin; undefined: nobody logs in for it here. */
  readonly admin: string | undefined
  /** The institution that admits it; undefined: it is the ledger's first. */
  readonly founder: InstitutionId | undefined
}

/** What came of it. */
export interface Founded {
  /** Shown once and kept nowhere; undefined where there is no new admin. */
  readonly password: string | undefined
  /** Undefined on Fabric: there a consortium's trust file is its members' to agree on. */
  readonly trust: Trust | undefined
  readonly trustFile: string
  /** The key-encryption key, if it was made now. */
  readonly madeKek: string | undefined
}

/**
 * Founds an institution on the ledger with its seal CA, seals and first admin, in a data folder that no service has open. What
 * is there is left as it is, so that it may be called again after a crash.
 * @throws {@link FoundError}; {@link ProductionError}; {@link LedgerError} as the rules refuse; {@link PeopleError} `USER_EXISTS`.
 */
export async function foundInstitution(config: Config, options: NodeOptions, request: FoundRequest): Promise<Founded> {
  if (config.demo || config.kekFile === undefined) {
    throw new FoundError('FOUND_DEMO', 'institutions are founded with CINNABAR_DEMO=off and CINNABAR_KEK_FILE')
  }
  const madeKek = (await makeKek(config.kekFile)) ? config.kekFile : undefined
  const node = await openNode(config, options)
  try {
    await requireOneSealer(node, request)
    const parts = { ...node.env, keys: node.keys, authority: node.authority, glyphs: notoGlyphs }
    await establishInstitution(parts, request, request.founder ?? request.id)
    const password = await adminOf(node, request)
    const trust = config.ledger === 'embedded' ? await trustOf(node, request) : undefined
    return { password, trust, trustFile: node.trustFile, madeKek }
  } finally {
    await node.close()
  }
}

/** A service with two institutions' seal keys would not start any more. */
async function requireOneSealer({ env }: Node, { id, seals }: FoundRequest): Promise<void> {
  const others = (await sealingInstitutions(env)).filter((one) => one !== id)
  if (seals.length === 0 || others.length === 0) return
  throw new FoundError(
    'FOUND_SECOND_SEALER',
    `the seal keys of ${others.join(', ')} are kept here: give ${id} a gateway of its own`,
  )
}

/** The trust file bears the first institution's name: it is that one's ledger. */
async function trustOf(node: Node, { names }: FoundRequest): Promise<Trust> {
  const name: Names = node.trust?.name ?? names
  const parts = { ...node.env, keys: node.keys, authority: node.authority, ledgerTrust: await node.ledgerTrust() }
  return writeTrust(node.trustFile, { ...parts, name })
}

async function adminOf({ env: { store, clock } }: Node, { admin, id }: FoundRequest): Promise<string | undefined> {
  if (admin === undefined) return undefined
  const password = randomBytes(15).toString('base64url')
  const createdAt = timeOf(clock.now())
  await createUser(store, { user: admin, institution: id, roles: ['admin'], password, createdAt })
  return password
}
