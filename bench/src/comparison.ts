/** One line of the comparison: ours against a peer or a limit, in one run on one machine. */
export interface Comparison {
  readonly what: string
  readonly ours: string
  readonly peer: string
  readonly factor: string
  readonly wanted: string
  readonly met: boolean
}

/** A Markdown table. */
export function comparisonTable(rows: readonly Comparison[]): string {
  return [
    '| what | ours | peer or limit | factor | wanted | met |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.what} | ${row.ours} | ${row.peer} | ${row.factor} | ${row.wanted} | ${row.met ? 'yes' : '**no**'} |`,
    ),
  ].join('\n')
}

/** Ours against a peer's median, both in milliseconds, to be at least `times` as fast. */
export function fasterThan(
  what: string,
  { ours, peer, peerName, times }: { ours: number; peer: number; peerName: string; times: number },
): Comparison {
  const factor = peer / ours
  return {
    what,
    ours: `${ours.toFixed(2)} ms`,
    peer: `${peerName} ${peer.toFixed(1)} ms`,
    factor: `${factor.toFixed(1)}×`,
    wanted: `${times}×`,
    met: factor >= times,
  }
}

/** Ours against a limit. */
export function under(what: string, { ours, limit, unit }: { ours: number; limit: number; unit: string }): Comparison {
  return {
    what,
    ours: `${ours.toFixed(1)} ${unit}`,
    peer: `${limit} ${unit}`,
    factor: `${(limit / ours).toFixed(1)}×`,
    wanted: 'under the limit',
    met: ours < limit,
  }
}
