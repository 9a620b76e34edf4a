import type { Names, Outcome } from '@cinnabar/core'
import type { Standing } from './court-report'

/** The verdict. */
export const OUTCOMES: Readonly<Record<Outcome, Names>> = {
  passed: { zh: '核验通过', en: 'PASSED' },
  failed: { zh: '核验未通过', en: 'FAILED' },
  indeterminate: { zh: '无法判定', en: 'NOT PROVEN' },
}

/** What stands behind a fact, beside it. */
export const STANDINGS: Readonly<Record<Standing, Names>> = {
  proven: { zh: '已证明', en: 'proven' },
  refuted: { zh: '不成立', en: 'refuted' },
  open: { zh: '未证明', en: 'not proven' },
  stated: { zh: '说明', en: 'stated' },
}

/** What the verdict of the whole file means. */
export const MEANING: Readonly<Record<Outcome, Names>> = {
  passed: {
    zh: '每一枚印章的六项事实（没有印章的文件：存证的三项事实）均已证明。内容是否属实、何人实际操作，不在证明之列。',
    en: 'All six facts are proven for each seal, or, of a file without one, all three of its deposit. Whether the content is true, and who acted in person, is not proven.',
  },
  failed: {
    zh: '至少一项事实不成立，本文件不应作为盖章原件采信。',
    en: 'At least one fact is refuted: this file should not be taken for the sealed original.',
  },
  indeterminate: {
    zh: '没有发现不成立的事实，但并非每一项都得到证明；缺少的证明如下所列。',
    en: 'No fact is refuted, but not all are proven; what is missing is named below.',
  },
}
