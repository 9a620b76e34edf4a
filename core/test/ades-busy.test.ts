import { stored } from '../src/testing/preserved'
import { contractPdf, sealPdf } from '../src/testing/sealed-sample'
import { newWorld } from '../src/testing/sealed-world'
import { verify } from '../src/verify/verify'
import { holderOf, listOf, newCa, newSigner } from './authorities'
import { p256Key } from './pki'

it('revocation lists by many who call themselves the issuer are judged in bounded time', async () => {
  const world = await newWorld()
  const root = await newCa('Root')
  const { pdf } = await sealPdf(world, contractPdf(), world.bureau, {
    use: null,
    holder: holderOf(await newSigner('Signer', root)),
  })
  const key = p256Key()
  const impostors = await Promise.all(Array.from({ length: 8 }, () => newCa('Root', { key })))
  const others = await Promise.all(Array.from({ length: 240 }, () => newCa('Root')))
  const crls = await Promise.all(
    Array.from({ length: 250 }, (_, i) => listOf(impostors[0], new Date(Date.UTC(2026, 10, 23) + i * 1000))),
  )
  const hostile = stored(pdf, { certificates: [...impostors, ...others].map(({ der }) => der), crls })
  const began = process.cpuUsage()
  const [{ ades }] = (
    await verify({ pdf: hostile, at: new Date('2026-11-24T00:00:00Z'), anchors: { signers: [root.der] } })
  ).signatures
  const { user } = process.cpuUsage(began)
  expect(ades.subIndication).toBe('TRY_LATER')
  // About one second; 14 where each list is tried with each namesake. Busy machines count more of either.
  expect(user / 1e6).toBeLessThan(8)
}, 60_000)
