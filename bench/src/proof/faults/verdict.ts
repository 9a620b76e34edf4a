import type { Drill } from './drill'
import type { FaultsOutcome } from './run'

/** Whether the milestone's line holds, and its figures in one line. */
export function faultsVerdict(outcome: FaultsOutcome): { readonly ok: boolean; readonly measured: string } {
  const { drills, sent, refused, badEnds, reckoning, verified, unverified } = outcome
  const { acknowledged, lost, twice, unknown, misnumbered, entries } = reckoning
  const counts = [
    `${sent} documents at ${outcome.quiet.perSecond.toFixed(0)} a second, ${acknowledged} acknowledged`,
    `${lost.length} lost, ${twice.length} twice, ${unknown.length} unknown, ${misnumbered.length} misnumbered of ${entries} entries`,
    `${badEnds.length} jobs not anchored, ${refused.length} requests refused`,
    `${verified - unverified.length} of ${verified} verified offline`,
    `longest gap ${seconds(Math.max(0, ...drills.map(({ gapMs }) => gapMs)))} s`,
  ]
  const faults = [lost, twice, unknown, misnumbered, badEnds, refused, unverified].flat()
  const resumed = drills.every(({ goesOn, byItself, resumedMs }) => resumedMs !== undefined && (byItself || !goesOn))
  return { ok: faults.length === 0 && resumed && sent === acknowledged, measured: counts.join('; ') }
}

/** The table of gaps, in Markdown. */
export function faultsTable({ quiet, drills, badEnds, refused, unverified }: FaultsOutcome): string {
  const at = (share: number) => seconds(quiet.latencyMs[Math.floor(quiet.latencyMs.length * share)] ?? Number.NaN)
  const wrong = [...badEnds, ...refused, ...unverified]
  return [
    '| fault | longest gap, s | first later document anchored after, s | killed was away, s | resumed | arrived meanwhile |',
    '|---|---:|---:|---:|---|---:|',
    `| none | ${seconds(quiet.gapMs)} | ${at(0.5)} (median; 95 %: ${at(0.95)}) | | | |`,
    ...drills.map(row),
    ...(wrong.length > 0 ? ['', `Not as it should be: ${[...new Set(wrong)].join('; ')}`] : []),
  ].join('\n')
}

function row({ name, gapMs, resumedMs, byItself, awayMs, arrived }: Drill): string {
  const resumed = resumedMs === undefined ? 'no' : byItself ? 'without it' : 'when it was back'
  const first = resumedMs === undefined ? '' : seconds(resumedMs)
  return `| ${name} | ${seconds(gapMs)} | ${first} | ${seconds(awayMs)} | ${resumed} | ${arrived} |`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
