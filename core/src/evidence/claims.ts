import { LEDGER_ROLE } from '../model/block-proof'
import type { Claim, Claims } from '../model/claims'
import type { EvidenceIndex } from '../model/evidence'

interface Parts extends Pick<EvidenceIndex, 'signatures' | 'deposits'> {
  readonly files: readonly Pick<EvidenceIndex['files'][number], 'path' | 'role'>[]
}

/** Which members prove what: every fact of every use and deposit that the index names. */
export function claimsOf({ files, signatures, deposits }: Parts): Claims {
  const ofRole = (role: string) => files.filter((file) => file.role === role).map(({ path }) => path)
  const document = ofRole('document')
  const outside: readonly 'document'[] = document.length > 0 ? [] : ['document']
  const few = signatures.length + deposits.length <= MAX_USES_WITH_LEDGER
  const ledger = few ? ofRole(LEDGER_ROLE) : []
  const claims: Claim[] = []
  for (const { id: of, receipts, certificates, crls } of signatures) {
    const add = (claim: string, proof: readonly string[], needs: Claim['needs']) =>
      claims.push({ claim, needs, of, proof: [...new Set(proof)] })
    add('integrity', [...document, ...receipts], outside)
    add('signature', [...document, ...certificates], outside)
    add('certificate', [...certificates, ...crls, ...receipts], [...outside, 'trust'])
    add('timestamp', [...document, ...receipts], [...outside, 'trust'])
    add('seal', [...document, ...receipts], [...outside, 'trust'])
    add('anchor', [...receipts, ...ledger], [...outside, 'trust'])
  }
  for (const { id: of, receipts, token } of deposits) {
    claims.push({ claim: 'integrity', needs: ['document'], of, proof: receipts })
    claims.push({ claim: 'timestamp', needs: ['document', 'trust'], of, proof: [token] })
    claims.push({ claim: 'anchor', needs: ['trust'], of, proof: [...receipts, ...ledger] })
  }
  return { claims, type: 'cinnabar.claims.v1' }
}

/** Where there are more, which blocks are whose stands in the records under `ledger/` alone: each claim would name all. */
const MAX_USES_WITH_LEDGER = 16
