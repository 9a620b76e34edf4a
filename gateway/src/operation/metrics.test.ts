import { createMetrics } from './metrics'

describe('the metrics', () => {
  it('count by label, each series on its own', async () => {
    const metrics = createMetrics()
    const counter = metrics.counter('requests_total', 'requests')
    counter.add({ route: '/a' })
    counter.add({ route: '/a' }, 2)
    counter.add({ route: '/b"\\\n' })
    expect(await metrics.text()).toBe(
      '# HELP requests_total requests\n# TYPE requests_total counter\n' +
        'requests_total{route="/a"} 3\nrequests_total{route="/b\\"\\\\\\n"} 1\n',
    )
  })
  it('sort times into buckets that add up', async () => {
    const metrics = createMetrics()
    const histogram = metrics.histogram('seconds', 'times', [0.1, 1])
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe({}, value)
    expect((await metrics.text()).split('\n').slice(2, -1)).toEqual([
      'seconds_bucket{le="0.1"} 2',
      'seconds_bucket{le="1"} 3',
      'seconds_bucket{le="+Inf"} 4',
      'seconds_sum 7.65',
      'seconds_count 4',
    ])
  })
  it('leave out a figure that cannot be read, and nothing else', async () => {
    const metrics = createMetrics()
    metrics.gauge('broken', 'x', () => Promise.reject(new TypeError('no store')))
    metrics.gauge('whole', 'y', async () => [[{}, 5]])
    expect(await metrics.text()).toBe('# HELP whole y\n# TYPE whole gauge\nwhole 5\n')
  })
})
