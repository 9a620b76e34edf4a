import { digestFromBytes, digestOf, EntryFormat, type LogEntry, leafHash, rootOf, utf8 } from '@cinnabar/core'
import type { LogPage } from './api'
import { recompute } from './log-proof'

const entry = (n: number) =>
  ({
    ...{ type: 'cinnabar.entry.v1', kind: 'deposit', institution: 'JiangzhouBureau' },
    tokenTime: '2026-11-22T03:04:05Z',
    commitment: digestOf(utf8(`entry ${n}`)),
  }) as LogEntry

const ENTRIES = Array.from({ length: 2345 }, (_, n) => entry(n))
const ROOT = digestFromBytes(rootOf(ENTRIES.map((one) => leafHash(EntryFormat.encode(one)))))

/** A service that shows these entries under the head of the true ones. */
function service(entries: readonly LogEntry[]) {
  return {
    async log({ from = 0, limit = 100 }: Readonly<Record<string, string | number | undefined>>): Promise<LogPage> {
      const shown = entries.slice(Number(from), Number(from) + Number(limit))
      return { size: ENTRIES.length, root: ROOT, entries: shown, indices: shown.map((_, i) => Number(from) + i) }
    },
  }
}

const computed = async (entries: readonly LogEntry[]) => (await recompute(service(entries), () => undefined)).computed

describe('the root that the page computes', () => {
  it('is the root of the head, over pages, and it is told how far it is', async () => {
    const told: number[] = []
    expect(await recompute(service(ENTRIES), (done) => told.push(done))).toEqual({
      ...{ size: ENTRIES.length, root: ROOT, computed: ROOT },
    })
    expect(told).toEqual([1000, 2000, 2345])
  })

  it('is another for an entry changed, left out, moved, or cut off at the end', async () => {
    const [first, second, ...rest] = ENTRIES
    const wrong = [
      ENTRIES.map((one, i) => (i === 1500 ? entry(9999) : one)),
      [first, ...rest],
      [second, first, ...rest],
      ENTRIES.slice(0, 2000),
    ]
    for (const entries of wrong) expect(await computed(entries)).not.toBe(ROOT)
  })
})
