import type { InstitutionId, InstitutionKind, Names, SealId, SealKind } from '@cinnabar/core'

/** A seal of a demonstration institution. */
export interface DemoSeal {
  readonly id: SealId
  readonly kind: SealKind
  readonly displayName: string
}

/** An institution as it is founded. */
export interface NewInstitution {
  readonly id: InstitutionId
  readonly kind: InstitutionKind
  readonly names: Names
  readonly seals: readonly DemoSeal[]
  /** Whether this gateway answers timestamp requests for it. */
  readonly hasTsa: boolean
}

/** An institution that exists only in the demonstration; 江州 is no place. */
export interface DemoInstitution extends NewInstitution {
  /** Its one user's log-in name. */
  readonly user: string
}

function demoInstitution(one: Omit<DemoInstitution, 'id' | 'seals'> & { readonly id: string }): DemoInstitution {
  const seal = (id: string, kind: SealKind, word: string): DemoSeal => ({
    id: id as SealId,
    kind,
    displayName: `${one.names.zh}${word}`,
  })
  const seals = [seal('official', 'official', '公章'), seal('contract', 'contract', '合同专用章')]
  return { ...one, id: one.id as InstitutionId, seals }
}

export const BUREAU = demoInstitution({
  id: 'JiangzhouBureau',
  kind: 'agency',
  names: { en: 'Jiangzhou Administrative Approval Bureau', zh: '江州市行政审批局' },
  user: 'bureau',
  hasTsa: true,
})

export const YUANHANG = demoInstitution({
  id: 'YuanhangTech',
  kind: 'enterprise',
  names: { en: 'Jiangzhou Yuanhang Technology Co., Ltd.', zh: '江州远航科技有限公司' },
  user: 'yuanhang',
  hasTsa: false,
})

export const COURT = demoInstitution({
  id: 'JiangzhouCourt',
  kind: 'court',
  names: { en: "Jiangzhou Intermediate People's Court", zh: '江州市中级人民法院' },
  user: 'court',
  hasTsa: true,
})

/** The first founds itself and admits the others. */
export const DEMO_INSTITUTIONS: readonly DemoInstitution[] = [BUREAU, YUANHANG, COURT]
