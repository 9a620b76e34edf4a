import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { timed, within } from './scene.mjs'

const ABSOLUTE_MAX_BYTES = 10 << 20
const EXECUTE_TIMEOUT_MS = 30_000
/** The channel's function that takes any arguments and changes nothing. */
const DESCRIBE = 'org.hyperledger.fabric:GetMetadata'

/** Each limit tried from both sides. @returns rows of what, wanted, found, ok. */
export async function tryEdges(scene, connectionFile, say) {
  say('edges: entries and bytes')
  const rows = [...(await appendEdges(scene)), await forgedEdge(scene)]
  say("edges: the orderers' AbsoluteMaxBytes")
  rows.push(...(await envelopeEdges(scene)))
  say('edges: the execute timeout, a minute')
  rows.push(...(await timeoutEdges(scene, connectionFile)))
  return rows
}

async function appendEdges({ append, filled, MAX_ENTRIES, MAX_APPEND_BYTES }) {
  const largest = await outcome(async () => append(await filled(MAX_ENTRIES, MAX_APPEND_BYTES)))
  const byte = await outcome(async () => append(await filled(300, MAX_APPEND_BYTES + 1)))
  const entry = await outcome(async () => append(await filled(MAX_ENTRIES + 1, 4 << 20)))
  return [
    row(`append of ${MAX_ENTRIES} entries in ${MAX_APPEND_BYTES} bytes`, 'final', largest),
    row('one byte more', 'ARGUMENT_INVALID', byte),
    row('one entry more', 'ARGUMENT_INVALID', entry),
  ]
}

/** Shows, too, that every use is verified: only the last signature is wrong. */
async function forgedEdge({ append, batch, MAX_ENTRIES }) {
  const { entries, uses } = await batch(MAX_ENTRIES)
  const last = uses[MAX_ENTRIES - 1]
  const { signature, opening } = uses[0]
  const forged = { ...last, signature, opening: { ...last.opening, signature: opening.signature } }
  const found = await outcome(() => append({ entries, uses: [...uses.slice(0, -1), forged] }))
  return row(`${MAX_ENTRIES} entries, the last forged`, `SIGNATURE_INVALID at ${MAX_ENTRIES - 1}`, found)
}

async function envelopeEdges({ proposal, connection }) {
  const send = async (bytes) => {
    const endorsingOrganizations = connection.organisations.slice(0, 2).map(({ id }) => id)
    const described = proposal(DESCRIBE, { arguments: ['x'.repeat(bytes)], endorsingOrganizations })
    const transaction = await described.endorse(within(30_000))
    const sent = await transaction.submit(within(30_000))
    const { successful } = await sent.getStatus(within(30_000))
    return { final: successful }
  }
  const below = await outcome(() => send(ABSOLUTE_MAX_BYTES - 16_384))
  const above = await outcome(() => send(ABSOLUTE_MAX_BYTES))
  return [
    row('transaction of 16 KiB less than 10 MB; a peer sends its chaincode twice that', 'final', below),
    row('transaction of 10 MB and its envelope', 'exceeds maximum allowed', above),
  ]
}

async function timeoutEdges(scene, connectionFile) {
  const rows = []
  for (const [pauseMs, wanted] of [
    [EXECUTE_TIMEOUT_MS - 5_000, 'endorsed'],
    [EXECUTE_TIMEOUT_MS + 10_000, 'timeout expired while executing transaction'],
  ]) {
    const found = await endorsedWhilePaused(scene, connectionFile, pauseMs)
    rows.push(row(`a chaincode that stands still for ${pauseMs / 1000} s`, wanted, found))
  }
  return rows
}

/** What becomes of an append's endorsement by the court while its chaincode server stands still, and when. */
async function endorsedWhilePaused(scene, connectionFile, pauseMs) {
  const { institution } = scene.cast.court
  const { pid } = JSON.parse(readFileSync(join(dirname(connectionFile), 'processes', `chaincode-${institution}.json`)))
  const proposal = await scene.proposalOf(await scene.batch(1), [institution])
  process.kill(pid, 'SIGSTOP')
  const resumed = wait(pauseMs).then(() => process.kill(pid, 'SIGCONT'))
  const endorse = () => proposal.endorse(within(pauseMs + 20_000)).then(() => ({ endorsed: true }))
  const { ms, value } = await timed(() => outcome(endorse))
  await resumed
  return `${value} after ${(ms / 1000).toFixed(1)} s`
}

/** In a few words. */
async function outcome(attempt) {
  try {
    const { endorsed, final = true } = await attempt()
    return endorsed ? 'endorsed' : final ? 'final' : 'invalid'
  } catch (error) {
    const index = error.details?.index === undefined ? '' : ` at ${error.details.index}`
    const details = Array.isArray(error.details) ? error.details : []
    const said = [details.map(({ message }) => message).join('; '), error.message].find((one) => one !== '')
    return `${error.code}${index}: ${said}`
  }
}

function row(what, wanted, found) {
  return { what, wanted, found, ok: found.includes(wanted) }
}
