import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dss, startDss } from '@cinnabar/bench/checkers/dss'
import { sha256, verify } from '@cinnabar/core'
import { sealCertificate, tokenOf } from '../../core/src/testing/pki'
import { crlOf, day, stamped, stored } from '../../core/src/testing/preserved'
import { contractPdf, sealPdf } from '../../core/src/testing/sealed-sample'
import { newWorld } from '../../core/src/testing/sealed-world'
import { authority } from '../../core/test/long-term'
import { describeWithTools } from './with-tools'

const folder = mkdtempSync(join(tmpdir(), 'cinnabar-lasting-'))
afterAll(() => rmSync(folder, { recursive: true }))

const put = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

function words({ indication, subIndication }: { readonly indication: string; readonly subIndication: string | null }) {
  return subIndication === null ? indication : `${indication} ${subIndication}`
}

/**
 * A seal of November 2026 whose certificate ends with that year, its timestamp's authority in 2028, the first archive timestamp's in 2034 and
 * the second one's in 2050.
 */
async function seals() {
  const world = await newWorld()
  const ca = world.bureau.pki.sealCa
  const [rootA, rootB] = [
    await authority('ca', '2020-01-01', '2060-01-01'),
    await authority('ca', '2020-01-01', '2060-01-01'),
  ]
  const first = await authority('tsa', '2026-01-01', '2028-01-01', rootA)
  const second = await authority('tsa', '2026-01-01', '2034-01-01', rootA)
  const third = await authority('tsa', '2033-01-01', '2050-01-01', rootB)
  const holder = await sealCertificate(world.bureau.pki, { notAfter: day('2026-12-31') })
  const chain = [rootA.certificate]
  const token = async (signature: Uint8Array) => tokenOf(first, sha256(signature), day('2026-11-22'), chain)
  const { pdf: sealed } = await sealPdf(world, contractPdf(), world.bureau, { holder, use: null, token })
  const certificates = [ca.certificate, rootA.certificate]
  const lists = async (at: string) => Promise.all([ca, rootA].map((one) => crlOf(one, day(at))))
  const preserved = await stamped(
    stored(sealed, { certificates, crls: await lists('2026-11-23') }),
    second,
    day('2026-11-24'),
    chain,
  )
  const late = { certificates: [rootB.certificate], crls: await lists('2033-06-01') }
  const again = await stamped(stored(preserved, late), third, day('2033-06-02'), [rootB.certificate])
  const lastList = await crlOf(rootB, day('2039-12-31'))
  const trusted = [ca, rootA, rootB].map(({ certificate }, i) => put(`trusted-${i}.der`, certificate))
  return {
    sealed,
    preserved,
    again,
    trusted,
    lastList,
    anchors: { signers: [ca.certificate], timestamps: [rootA.certificate, rootB.certificate] },
  }
}

describeWithTools(
  ['java'],
  'a seal that outlives its certificate, its timestamp and its first archive timestamp',
  () => {
    let dss: Dss
    let made: Awaited<ReturnType<typeof seals>>
    beforeAll(async () => {
      dss = startDss()
      made = await seals()
    }, 60_000)
    afterAll(() => dss.stop())

    // Where only the word differs: DSS calls missing revocation data a failure of the chain, and takes a CRL of before a certificate's end for
    // knowledge of its end.
    it.each([
      ['sealed', '2026-12-01', 'INDETERMINATE TRY_LATER', 'INDETERMINATE CERTIFICATE_CHAIN_GENERAL_FAILURE'],
      ['sealed', '2030-01-01', 'INDETERMINATE OUT_OF_BOUNDS_NO_POE', 'INDETERMINATE CERTIFICATE_CHAIN_GENERAL_FAILURE'],
      ['preserved', '2030-01-01', 'TOTAL-PASSED', 'TOTAL_PASSED'],
      ['preserved', '2040-01-01', 'INDETERMINATE OUT_OF_BOUNDS_NO_POE', 'INDETERMINATE OUT_OF_BOUNDS_NOT_REVOKED'],
      ['again', '2040-01-01', 'TOTAL-PASSED', 'TOTAL_PASSED'],
    ] as const)('%s, at %s: %s', async (name, at, ours, theirs) => {
      const { anchors, lastList, trusted, [name]: pdf } = made
      const { signatures } = await verify({ pdf, at: day(at), anchors, material: { crls: [lastList] } })
      const request = { trusted, crls: [put('last.crl', lastList)], at: day(at).toISOString() }
      const [found] = (await dss.verify(put(`${name}.pdf`, pdf), request)).signatures
      expect(words(signatures[0].ades)).toBe(ours)
      expect(words(found)).toBe(theirs)
    })
  },
)
