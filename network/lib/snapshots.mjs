import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { submit } from './chaincode.mjs'
import { writeJson } from './files.mjs'
import { NetworkError } from './network-error.mjs'
import { ordering } from './peer-command.mjs'
import { CHANNEL } from './settings.mjs'

const WITHIN_MS = 20_000

/**
 * Waits until every orderer has a snapshot beyond the entries of its log that 2.5.0 cannot replay (see `raft`), after
 * one transaction large enough to cause it: the approval of a definition that nobody will commit, with a long list of
 * private collections. It is stored as one organisation's opinion and has no effect.
 */
export async function takeSnapshots(plan, binaries) {
  const lacking = () => plan.organisations.filter((one) => !hasSnapshot(one))
  if (lacking().length === 0) return
  const first = plan.organisations[0]
  const collections = plan.at('channel', 'snapshot-collections.json')
  writeJson(
    collections,
    Array.from({ length: 800 }, (_, index) => collectionOf(first, index)),
  )
  const definition = ['-C', CHANNEL, '-n', 'snapshot', '--version', String(Date.now()), '--sequence', '1']
  await submit(binaries, first, 'approveformyorg', [
    ...definition,
    '--collections-config',
    collections,
    ...ordering(first),
  ])
  const until = performance.now() + WITHIN_MS
  while (lacking().length > 0) {
    if (performance.now() > until) {
      throw new NetworkError(`no snapshot after ${WITHIN_MS / 1000} s: ${lacking().map(({ orderer }) => orderer.name)}`)
    }
    await wait(50)
  }
}

function hasSnapshot({ inside }) {
  const folder = inside('data', 'orderer', 'snapshots', CHANNEL)
  return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.snap'))
}

function collectionOf({ id }, index) {
  const name = `snapshot${String(index).padStart(4, '0')}`
  const policy = `OR('${id}.member')`
  return {
    name,
    policy,
    requiredPeerCount: 0,
    maxPeerCount: 0,
    blockToLive: 0,
    memberOnlyRead: true,
    endorsementPolicy: { signaturePolicy: policy },
  }
}
