import { RuleError, ruleErrorText } from '@cinnabar/chaincode'
import { answersOf, identityRefused, isDenied, isFabricError, refusalOf, refused, unavailable } from './fabric-errors'

const mismatch = new RuleError('LOG_SIZE_MISMATCH', 'the log holds 7 entries, not 6', { size: 7 })
const reported = (message: string, details: readonly { mspId: string; message: string }[]) =>
  Object.assign(new Error(message), {
    code: 10,
    details: details.map((one) => ({ ...one, address: 'localhost:1' })),
  })

describe("errors of Fabric's client", () => {
  it('are read by each organisation that they name', () => {
    const error = reported('10 ABORTED: failed to collect enough transaction endorsements', [
      { mspId: 'Bureau', message: `chaincode response 500, ${ruleErrorText(mismatch)}` },
      { mspId: 'Court', message: 'context canceled' },
    ])
    const [bureau, court] = answersOf(error)
    expect(bureau).toMatchObject({
      organisation: 'Bureau',
      refusal: { code: 'LOG_SIZE_MISMATCH', details: { size: 7 } },
    })
    expect(court).toEqual({ organisation: 'Court', refusal: undefined, isDenied: false })
  })

  it('tell a caller whom the peers do not accept from peers that do not answer', () => {
    const said = 'error validating proposal: access denied: channel [seals] creator org [Bureau]'
    const denied = reported('10 ABORTED: failed to endorse', [
      { mspId: 'Bureau', message: said },
      { mspId: 'Court', message: 'context canceled' },
    ])
    expect(answersOf(denied).map(({ isDenied: one }) => one)).toEqual([true, false])
    expect(isDenied(denied)).toBe(false)
    expect(isDenied(reported('10 ABORTED', [{ mspId: 'Bureau', message: said }]))).toBe(true)
    expect(isDenied(reported(`2 UNKNOWN: ${said}`, []))).toBe(true)
    expect(isDenied(reported('14 UNAVAILABLE: no connection', []))).toBe(false)
    const rule = ruleErrorText(new RuleError('CALLER_NOT_PERMITTED', 'access denied: channel [seals]'))
    expect(isDenied(reported('10 ABORTED', [{ mspId: 'Bureau', message: rule }]))).toBe(false)
    expect(identityRefused(denied)).toMatchObject({ code: 'LEDGER_IDENTITY_REFUSED', cause: denied })
  })

  it('are refusals also where no organisation is named', () => {
    expect(refusalOf(reported(`2 UNKNOWN: chaincode response 500, ${ruleErrorText(mismatch)}`, []))).toMatchObject({
      code: 'LOG_SIZE_MISMATCH',
    })
    expect(refusalOf(reported('14 UNAVAILABLE: no connection', []))).toBeUndefined()
  })

  it('are told from faults of the program', () => {
    expect(isFabricError(reported('x', []))).toBe(true)
    expect(isFabricError(new TypeError('x'))).toBe(false)
    expect(isFabricError({ code: 14 })).toBe(false)
  })

  it("become the port's errors: a refusal keeps its code, a clock that is off is no refusal of a document", () => {
    expect(refused(mismatch)).toMatchObject({ code: 'LOG_SIZE_MISMATCH', details: { size: 7 } })
    const skew = new RuleError('CLOCK_SKEW', 'the time is 400000 ms off', { skewMs: 400_000 })
    expect(refused(skew)).toMatchObject({ code: 'LEDGER_UNAVAILABLE', details: { reason: 'CLOCK_SKEW' } })
    expect(unavailable('no peer answered', reported('x', []))).toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
      details: { grpcCode: 10 },
    })
  })
})
