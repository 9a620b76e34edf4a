/** Names and values that tell one series of a metric from another. */
export type Labels = Readonly<Record<string, string | number>>

/** One figure of a series as it is told: the name with its ending, its labels, its value. */
interface Sample {
  readonly name: string
  readonly labels: Labels
  readonly value: number
}

/** Counts up. */
export interface Counter {
  add(labels?: Labels, by?: number): void
}

/** Sorts times into buckets. */
export interface Histogram {
  /** @param seconds - 0 or more. */
  observe(labels: Labels, seconds: number): void
}

/** A figure that is read when somebody asks. */
export type Reading = () => readonly (readonly [labels: Labels, value: number])[]

/**
 * The figures of this process in Prometheus' text format 0.0.4. Labels come from closed sets of ours, never from a request:
 * a series costs memory for good.
 */
export interface Metrics {
  counter(name: string, help: string): Counter
  /** @param seconds - upper bounds of the buckets, ascending. */
  histogram(name: string, help: string, seconds: readonly number[]): Histogram
  gauge(name: string, help: string, read: () => ReturnType<Reading> | Promise<ReturnType<Reading>>): void
  /** All of it, each metric under its help and type. A gauge that cannot be read is left out. */
  text(): Promise<string>
}

interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  samples(): readonly Sample[] | Promise<readonly Sample[]>
}

/** Without prom-client: its last release is of 2024, and what is needed of it is this file. */
export function createMetrics(): Metrics {
  const families: Family[] = []
  return {
    counter(name, help) {
      const series = seriesOf<{ value: number }>(() => ({ value: 0 }))
      const samples = () => series.all().map(({ labels, state }) => ({ name, labels, value: state.value }))
      families.push({ name, help, type: 'counter', samples })
      return {
        add(labels = {}, by = 1) {
          series.of(labels).value += by
        },
      }
    },
    histogram(name, help, seconds) {
      const series = seriesOf<Buckets>(() => ({ counts: seconds.map(() => 0), count: 0, sum: 0 }))
      const samples = () => series.all().flatMap(({ labels, state }) => bucketSamples(name, seconds, labels, state))
      families.push({ name, help, type: 'histogram', samples })
      return { observe: (labels, value) => observe(series.of(labels), seconds, value) }
    },
    gauge(name, help, read) {
      const samples = async () => (await read()).map(([labels, value]) => ({ name, labels, value }))
      families.push({ name, help, type: 'gauge', samples })
    },
    async text() {
      const parts = await Promise.allSettled(families.map(familyText))
      return parts.map((part) => (part.status === 'fulfilled' ? part.value : '')).join('')
    },
  }
}

interface Buckets {
  readonly counts: number[]
  count: number
  sum: number
}

function observe(state: Buckets, seconds: readonly number[], value: number): void {
  const place = seconds.findIndex((bound) => value <= bound)
  if (place >= 0) state.counts[place]++
  state.count++
  state.sum += value
}

function bucketSamples(name: string, seconds: readonly number[], labels: Labels, state: Buckets): readonly Sample[] {
  let total = 0
  const buckets = seconds.map((le, i) => {
    total += state.counts[i]
    return { name: `${name}_bucket`, labels: { ...labels, le }, value: total }
  })
  return [
    ...buckets,
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: state.count },
    { name: `${name}_sum`, labels, value: state.sum },
    { name: `${name}_count`, labels, value: state.count },
  ]
}

function seriesOf<T>(make: () => T) {
  const found = new Map<string, { readonly labels: Labels; readonly state: T }>()
  return {
    of(labels: Labels): T {
      const key = labelText(labels)
      const known = found.get(key) ?? { labels, state: make() }
      found.set(key, known)
      return known.state
    },
    all: () => [...found.values()],
  }
}

async function familyText({ name, help, type, samples }: Family): Promise<string> {
  const lines = (await samples()).map((one) => `${one.name}${labelText(one.labels)} ${one.value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

/** Text format 0.0.4: backslash, quote and line feed are escaped in a label's value. */
function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
