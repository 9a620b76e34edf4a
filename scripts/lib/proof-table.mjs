import { arch, cpus, release, totalmem, type } from 'node:os'

/** What figures depend on. */
export function describeMachine() {
  const processors = cpus()
  return {
    date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    machine: `${processors.length} × ${processors[0]?.model ?? arch()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`,
    node: process.versions.node,
  }
}

/** Markdown: how it was run, a row for each line, then each line's own details. */
export function proofTable(milestone, outcomes, { date, machine, node, commit }) {
  const passed = outcomes.filter(({ ok }) => ok).length
  const rows = outcomes.map(
    ({ line, title, measured, ok, seconds }) =>
      `| ${line} | ${cell(title)} | ${cell(measured)} | ${ok ? 'passed' : '**failed**'} | ${seconds.toFixed(1)} |`,
  )
  const details = outcomes
    .filter(({ detail }) => detail)
    .map(({ line, title, detail }) => `\n## ${line}. ${title}\n\n${detail.trim()}\n`)
  return [
    `# Milestone ${milestone}: what was shown`,
    '',
    `\`npm run prove -- ${milestone}\`: ${passed} of ${outcomes.length} lines passed.`,
    '',
    `${date}; ${machine}; Node ${node}; commit ${commit}.`,
    '',
    '| line | must show | measured | outcome | seconds |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ]
    .join('\n')
    .concat(details.join(''))
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', '<br>')
