import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Trust } from '@cinnabar/core'
import { notoGlyphs } from '../src/appearance/noto-glyphs'
import { sealAuthority } from '../src/authority/seal-authority'
import { sealKeysOf } from '../src/authority/seal-keys'
import { checksHere } from '../src/checks/perform'
import type { Clock } from '../src/clock'
import { establishInstitutions } from '../src/demo/establish'
import { DEMO_INSTITUTIONS } from '../src/demo/institutions'
import { writeDemoTrust } from '../src/demo/trust-file'
import { openKeyKeeper } from '../src/keys/file-keeper'
import { openEmbeddedLedger } from '../src/ledger/embedded'
import type { BackgroundFailure, Surroundings } from '../src/notarize/ports'
import { embeddedTrust } from '../src/open-ledger'
import { openEmbeddedStore } from '../src/store/embedded'
import { openFolder } from '../src/store/files'
import { timestampClient } from '../src/tsa/client'
import { findLocalTsa, type LocalTsa } from '../src/tsa/local'

/** A page to seal. */
export const CONTRACT = new Uint8Array(
  readFileSync(join(__dirname, '../../fixtures/contracts/en-service-agreement.pdf')),
)

export const PUBLIC_URL = 'http://127.0.0.1:8080'

/** Real adapters in a folder: what `main` puts together, without its log and its port. */
export interface EmbeddedGateway {
  readonly env: Surroundings
  readonly authority: ReturnType<typeof sealAuthority>
  readonly keys: ReturnType<typeof openKeyKeeper>
  readonly tsas: readonly LocalTsa[]
  readonly trust: Trust
  /** What was reported meanwhile. */
  readonly failures: BackgroundFailure[]
  close(): Promise<void>
}

/** Opens the gateway in `folder`; at first it founds the demonstration's three institutions with their seals. */
export async function openGateway(folder: string, clock: Clock): Promise<EmbeddedGateway> {
  const store = await openEmbeddedStore(folder)
  const files = await openFolder(join(folder, 'files'))
  const keys = openKeyKeeper({ store, kek: new Uint8Array(32), published: new Set() })
  const node = await nodeKey(store, keys)
  const signer = await keys.signer(node)
  const ledger = await openEmbeddedLedger({ folder, channel: 'cinnabar', signer, clock })
  const authority = sealAuthority({ store, keys, clock, publicUrl: PUBLIC_URL })
  const parts = { store, keys, clock, files, ledger, authority, glyphs: notoGlyphs }
  await establishInstitutions(parts)
  const found = await Promise.all(DEMO_INSTITUTIONS.map(({ id }) => findLocalTsa(parts, id)))
  const tsas = found.filter((tsa) => tsa !== undefined)
  const { trust } = await writeDemoTrust(join(folder, 'trust.json'), {
    ...parts,
    ledgerTrust: await embeddedTrust(ledger, signer),
  })
  const failures: BackgroundFailure[] = []
  const env: Surroundings = {
    store,
    files,
    ledger,
    clock,
    sealKeys: sealKeysOf({ store, keys, authority }),
    checks: checksHere(),
    timestampAuthorities: tsas.map((tsa) =>
      timestampClient({ institution: tsa.institution, transport: tsa.respond, trusted: 'inProcess' }),
    ),
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    publicUrl: PUBLIC_URL,
    report: (failure) => failures.push(failure),
  }
  return {
    env,
    authority,
    keys,
    tsas,
    trust,
    failures,
    async close() {
      await ledger.close()
      await store.close()
    },
  }
}

async function nodeKey(store: Surroundings['store'], keys: ReturnType<typeof openKeyKeeper>): Promise<string> {
  const known = await store.get<{ readonly keyId: string }>('settings', 'node')
  if (known !== undefined) return known.value.keyId
  const keyId = await keys.create('node/ledger')
  await store.insert('settings', 'node', { keyId })
  return keyId
}

/** A clock that tests set. */
export function settableClock(start: string): Clock & { set(time: string): void } {
  let now = new Date(start)
  return {
    now: () => now,
    set: (time) => {
      now = new Date(time)
    },
  }
}

/** Folders that each hold a copy of one founded gateway; all are removed by `remove`. */
export async function gatewayFolders(clock: Clock) {
  const root = await mkdtemp(join(tmpdir(), 'cinnabar-gateway-'))
  const template = join(root, 'template')
  await (await openGateway(template, clock)).close()
  let count = 0
  return {
    async fresh(): Promise<string> {
      const folder = join(root, String(count++))
      await cp(template, folder, { recursive: true })
      return folder
    },
    remove: () => rm(root, { recursive: true }),
  }
}
