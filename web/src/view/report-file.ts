import type { Actions } from '../app'
import { button, h, row } from '../dom'
import type { State } from '../state'
import type { Texts } from '../texts'
import { drawDate } from './time'

/** The file that was checked, and the report to take away. */
export function drawReportFile({ check }: State, texts: Texts, actions: Actions): HTMLElement | undefined {
  if (check.phase !== 'done') return undefined
  const { details } = texts
  const { file, trust } = check.report
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'file-title' },
    h('h2', { id: 'file-title' }, details.file),
    h(
      'dl',
      { class: 'facts' },
      row(details.digest, h('code', { class: 'fingerprint' }, file.sha256)),
      row(details.bytes, new Intl.NumberFormat(texts.locale).format(file.bytes)),
      row(details.revisions, String(file.revisions)),
      row(details.checkedAt, drawDate(check.checkedAt, texts)),
      row(details.ledger, details.ledgers[trust.ledger]),
    ),
    h(
      'div',
      { class: 'buttons' },
      button(details.download, () => actions.downloadReport()),
    ),
  )
}
