import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Drained, type Replacement, replaceSealCertificate } from '../../gateway/src/authority/seal-renewal'
import { systemClock } from '../../gateway/src/clock'
import { readConfig } from '../../gateway/src/config'
import { type DemoLogin, establishLogins } from '../../gateway/src/demo/logins'
import { sealSample } from '../../gateway/src/demo/sample'
import { createApp } from '../../gateway/src/http/app'
import { createLogger } from '../../gateway/src/log'
import { openNode } from '../../gateway/src/node'
import { Notarizer } from '../../gateway/src/notarize/notarizer'
import type { SealSignatureRecord } from '../../gateway/src/notarize/records'
import { readinessOf } from '../../gateway/src/operation/readiness'
import { openPeople } from '../../gateway/src/people/people'
import { type PeopleEvents, peopleEvents } from '../../gateway/src/people/people-events'
import type { Store } from '../../gateway/src/store/store'
import { openTestWebhooks } from '../../gateway/test/webhooks-at-hand'

/** A gateway that serves the page as it is built now, and a contract that two institutions really sealed with it. */
export interface Service {
  readonly url: string
  /** `file:` address of the page that runs from disk. */
  readonly verifyHtml: string
  readonly pdf: Buffer
  readonly evidence: Buffer
  readonly trust: Buffer
  readonly logins: readonly DemoLogin[]
  /** Records that the store is to have lost, as "collection id". */
  readonly lost: Set<string>
  /** SealSignatures by the institution's official seal, in the order of their numbers. */
  officialUses(institution: string): Promise<readonly string[]>
  close(): Promise<void>
}

/** Builds the page, starts a gateway in a folder of its own, with these settings, and seals the demonstration's contract. */
export async function startService(env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'cinnabar-page-'))
  const webFolder = join(folder, 'web')
  await promisify(execFile)(process.execPath, [join(__dirname, '../build.mjs'), webFolder])
  const log = createLogger('error', systemClock, () => undefined)
  const config = readConfig({ CINNABAR_DATA: folder, ...env })
  const node = await openNode(config, { clock: systemClock, log, publicUrl: 'https://seal.example' })
  const notarizer = await Notarizer.start(node.env)
  const { trust, trustFile, ...rest } = node
  if (trust === undefined) throw new TypeError('the demonstration has no trust file')
  const sample = await sealSample(join(folder, 'demo'), { ...node.env, notarizer, trust })
  const secret = new Uint8Array(32).fill(1)
  const { maxPdfBytes, maxBulkDocuments, maxBulkBytes, sessionMinutes, refreshDays } = config
  const lasting = { sessionMinutes, refreshDays }
  const events: PeopleEvents = peopleEvents(node.env.store, systemClock, ({ institution }) =>
    webhooks.peopleChanged(institution),
  )
  const people = openPeople({ store: node.env.store, clock: systemClock, secret, events, ...lasting })
  const readiness = readinessOf({ env: node.env, notarizer, onFailure: console.error })
  const webhooks = await openTestWebhooks(node.env, console.error, { events })
  const limits = { maxPdfBytes, maxBulkDocuments, maxBulkBytes }
  const lost = new Set<string>()
  const forgetting = { ...node.env, store: forgetful(node.env.store, lost) }
  const drained: Drained = (institution, seal, work) => notarizer.drained(institution, seal, work, 10_000)
  const parts = {
    ...rest,
    ...limits,
    env: forgetting,
    replaceSealCertificate: (one: Replacement) => replaceSealCertificate({ ...node.env, ...node, drained }, one),
    webhooks,
    readiness,
    notarizer,
    trust,
    webFolder,
    people,
    https: false,
  }
  const server = createApp({ ...parts, onFault: console.error }).listen(0, '127.0.0.1')
  const logins = await establishLogins(join(folder, 'demo.json'), node.env.store, systemClock)
  const paths = [sample.sealed, sample.evidence, trustFile]
  const [pdf, evidence, trustBytes] = await Promise.all(paths.map((path) => readFile(path)))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    verifyHtml: `file://${join(webFolder, 'verify.html')}`,
    pdf,
    evidence,
    trust: trustBytes,
    logins,
    lost,
    async officialUses(institution) {
      const found = await node.env.store.find<SealSignatureRecord>('sealSignatures', { ...OWN, equals: institution })
      const official = found.filter(({ value }) => value.seal === 'official')
      const numbered = official.map(({ id, value }) => ({ id, number: numberOf(value) }))
      return numbered.sort((a, b) => a.number - b.number).map(({ id }) => id)
    },
    async close() {
      await stop(server)
      await notarizer.close()
      await node.close()
      await rm(folder, { recursive: true })
    },
  }
}

const OWN = { field: 'institution', limit: 100 } as const

function numberOf({ receipts: [receipt] }: SealSignatureRecord): number {
  return receipt?.entry.kind === 'sealSignature' ? receipt.entry.useNumber : 0
}

/** The store without the records that it has lost. */
function forgetful(store: Store, lost: ReadonlySet<string>): Store {
  const isThere = (collection: string, id: string) => !lost.has(`${collection} ${id}`)
  return {
    ...store,
    get: async (from, id) => (isThere(from, id) ? store.get(from, id) : undefined),
    ids: async (from, query) => (await store.ids(from, query)).filter((id) => isThere(from, id)),
    find: async (from, query) => (await store.find<never>(from, query)).filter(({ id }) => isThere(from, id)),
  }
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
