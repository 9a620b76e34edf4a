import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, withNetwork } from '../lib/network.mjs'

export const line = 3
export const title =
  'Refused by the chaincode on endorsing peers, each by its code, ledger state unchanged after each: seal certificate as caller, another organisation’s seal, own TSA, no role, forged signature, token of another document, unregistered TSA, revoked or expired certificate, suspended seal, wrong expected size, replay'

export function run({ root, scratch, say }) {
  return withNetwork(root, say, async () => {
    const file = join(scratch, 'refusals.json')
    const { ok, text, output } = await suite(root, 'gateway/test/fabric/refusals.network.ts', {
      CINNABAR_REFUSALS: file,
    })
    const rows = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
    const refusedBy = Math.min(...rows.map(({ answers }) => answers.length))
    const unchanged = rows.filter((row) => row.unchanged).length
    const failure = ok ? [] : [`\`\`\`\n${output.slice(-4000)}\n\`\`\``]
    return {
      ok: ok && rows.length > 0 && unchanged === rows.length,
      measured: `${rows.length} attacks, each put to ${refusedBy} organisations’ peers one by one; state of every peer unchanged after ${unchanged}; ${text}`,
      detail: [tableOf(rows), ...failure].join('\n\n'),
    }
  })
}

/** A row an attack: what peers said, and the ledger after it. */
function tableOf(rows) {
  const lines = rows.map(({ attack, answers, height, unchanged }) => {
    const codes = [...new Set(answers.map(({ code }) => `\`${code}\``))].join(', ')
    const who = answers.map(({ organisation }) => organisation).join(', ')
    return `| ${attack} | ${codes} | ${who} | ${unchanged ? `unchanged, ${height} blocks` : '**changed**'} |`
  })
  return [
    'State: height, hashes of the last two blocks, and all heads, seals, certificates, institutions and authorities, on each peer. `PEER_REFUSED`: the peer’s MSP did not let the caller as far as the chaincode ("creator org unknown"); the row after it shows the chaincode’s own refusal where an MSP would.',
    '',
    '| attack | code | peers that refused | ledger after it |',
    '|---|---|---|---|',
    ...lines,
  ].join('\n')
}
