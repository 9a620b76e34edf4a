import {
  encodeCanonical,
  fromUtf8,
  type Institution,
  type InstitutionId,
  type LogHead,
  type SealId,
  type Time,
  toBase64,
  utf8,
} from '@cinnabar/core'
import { newPki, newSealChange, registrar, sealCertificate } from '@cinnabar/core/testing'
import { MAX_APPEND_BYTES } from './arguments'
import { attestCall, changeCall } from './calls'
import { parseRuleError, RuleError, ruleErrorText } from './errors'
import { MemoryChain } from './memory-chain'

const agency = 'JiangzhouBureau' as InstitutionId
const registrarOfAgency = { institution: agency, role: 'registrar' } as const

function founding(id: InstitutionId, kind: Institution['kind'] = 'agency') {
  const names = { en: id, zh: '江州' }
  return changeCall({ change: 'found', institution: { id, kind, names, type: 'cinnabar.institution.v1' } })
}

describe('invoke', () => {
  it('refuses functions that it does not have', async () => {
    const chain = new MemoryChain()
    for (const name of ['', 'toString', 'constructor', '__proto__', 'Found', 'x'.repeat(1000)]) {
      await expect(chain.call(registrarOfAgency, { name, args: [] })).rejects.toMatchObject({
        code: 'FUNCTION_UNKNOWN',
      })
    }
  })

  it.each<readonly [string, readonly string[]]>([
    ['found', []],
    ['found', ['{}', '{}']],
    ['found', ['{"institution":{}}']],
    ['found', [` ${founding(agency).args[0]}`]],
    ['found', [founding(agency).args[0].replace('"agency"', '"bank"')]],
    ['found', [founding(agency).args[0].replace('"kind"', '"extra":1,"kind"')]],
    ['found', [founding('a/b' as InstitutionId).args[0]]],
    ['registerSealCa', ['{"certificate":"???","institution":"JiangzhouBureau"}']],
    ['registerSealCa', [`{"certificate":"${'A'.repeat(100_000)}","institution":"JiangzhouBureau"}`]],
    ['suspendSeal', ['{"institution":"JiangzhouBureau","seal":"../etc"}']],
    ['head', []],
    ['head', ['']],
    ['head', ['a/b']],
    ['appendOf', ['JiangzhouBureau', '01']],
    ['appendOf', ['JiangzhouBureau', '-1']],
    ['appendOf', ['JiangzhouBureau', '9999999999999999']],
    ['seal', ['JiangzhouBureau', 'UPPER']],
    ['certificate', ['JiangzhouBureau', 'sha256:00']],
    ['institutions', ['']],
    ['attest', ['JiangzhouBureau', '1', '', '']],
    ['attest', ['JiangzhouBureau', '1', '', '', 'abcd']],
    ['append', ['JiangzhouBureau', '0', '[]']],
  ])('refuses malformed arguments: %s(%j)', async (name, args) => {
    const chain = new MemoryChain()
    await expect(chain.call(registrarOfAgency, { name, args })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  })

  it('refuses appends that are empty, too long, too large, or not one entry for each use', async () => {
    const chain = new MemoryChain()
    const append = (entries: string, uses: Uint8Array) =>
      chain.call(registrarOfAgency, {
        name: 'append',
        args: [agency, '0', entries],
        transient: new Map([['uses', uses]]),
      })
    const register = { change: 'founded', institution: agency, kind: 'register', subject: agency }
    const entry = { ...register, record: `sha256:${'00'.repeat(32)}`, type: 'cinnabar.entry.v1' }
    const many = fromUtf8(encodeCanonical(Array.from({ length: 1001 }, () => entry)))
    const attempts = [
      append('[]', utf8('[]')),
      append(many, utf8('[]')),
      append('[]', new Uint8Array(MAX_APPEND_BYTES)),
      append(fromUtf8(encodeCanonical([entry])), utf8('[]')),
    ]
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  })

  it('says that state is damaged rather than building on it', async () => {
    const chain = new MemoryChain()
    await chain.call(registrarOfAgency, founding(agency))
    const damages: readonly (readonly [string, Uint8Array | undefined])[] = [
      [`institution/${agency}`, utf8('{}')],
      [`log/${agency}`, utf8('short')],
      [`append/${agency}/0000000000000001`, undefined],
    ]
    const certificate = toBase64((await newPki(agency)).sealCa.certificate)
    const call = changeCall({ change: 'registerSealCa', institution: agency, certificate })
    for (const [key, value] of damages) {
      const good = chain.state.get(key) ?? new Uint8Array(0)
      if (value === undefined) chain.state.delete(key)
      else chain.state.set(key, value)
      await expect(chain.call(registrarOfAgency, call)).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
      chain.state.set(key, good)
    }
  })
})

describe('attest', () => {
  async function attested() {
    const chain = new MemoryChain()
    const pki = await newPki(agency)
    const holder = await sealCertificate(pki)
    const target = { institution: agency }
    const registration = newSealChange(agency, holder)
    const { id: seal } = registration.seal
    await chain.call(registrar(pki), founding(agency))
    const calls = [
      changeCall({ change: 'registerSealCa', ...target, certificate: toBase64(pki.sealCa.certificate) }),
      changeCall({ change: 'registerCertificate', ...target, certificate: toBase64(holder.certificate) }),
      changeCall(registration),
      changeCall({ change: 'suspendSeal', ...target, seal }),
    ]
    for (const [i, call] of calls.entries()) {
      chain.time = `2026-11-22T03:0${i + 1}:00Z` as Time
      await chain.call(registrar(pki), call)
    }
    return { chain, seal, holder }
  }

  it('states the register as it stood at each size, and writes nothing', async () => {
    const { chain, seal, holder } = await attested()
    const call = attestCall({ institution: agency, size: 4, seal })
    const { writes } = await chain.simulate(undefined, call)
    expect(writes.size).toBe(0)
    expect(await chain.call(undefined, call)).toMatchObject({
      certificate: { digest: holder.digest },
      channel: 'test',
      from: 3,
      recordedAt: '2026-11-22T03:03:00Z',
      registered: { sealCas: [expect.any(String)] },
      seal: { id: seal, status: 'active' },
      size: 4,
    })
    const later = await chain.call(undefined, attestCall({ institution: agency, size: 5, seal }))
    expect(later).toMatchObject({ from: 4, seal: { status: 'suspended', since: '2026-11-22T03:04:00Z' } })
    const first = await chain.call(undefined, attestCall({ institution: agency, size: 1 }))
    expect(first).toMatchObject({ registered: { sealCas: [] } })
    expect(first).not.toHaveProperty('seal')
    expect(first).not.toHaveProperty('certificate')
  })

  it('reads only records that never change, unless it is challenged', async () => {
    const { chain, seal } = await attested()
    const call = attestCall({ institution: agency, size: 4, seal })
    const before = await chain.call(undefined, call)
    for (const key of [...chain.state.keys()]) {
      if (!/^(?:append|institution-at|seal-at|certificate-at)\//.test(key)) chain.state.delete(key)
    }
    expect(await chain.call(undefined, call)).toEqual(before)
  })

  it('answers a challenge with the present size', async () => {
    const { chain } = await attested()
    const challenge = 'ab'.repeat(16)
    const statement = await chain.call(undefined, attestCall({ institution: agency, size: 2, challenge }))
    expect(statement).toMatchObject({ challenge, latest: 5, size: 2 })
  })

  it('refuses sizes, seals and certificates that it does not know at that size', async () => {
    const { chain, seal, holder } = await attested()
    const refusals = [
      [{ size: 6 }, 'HEAD_UNKNOWN'],
      [{ size: 0 }, 'HEAD_UNKNOWN'],
      [{ size: 3, seal }, 'SEAL_UNKNOWN'],
      [{ size: 5, seal: 'another' as SealId }, 'SEAL_UNKNOWN'],
      [{ size: 2, certificate: holder.digest }, 'CERTIFICATE_UNKNOWN'],
    ] as const
    for (const [request, code] of refusals) {
      const attempt = chain.call(undefined, attestCall({ institution: agency, ...request }))
      await expect(attempt).rejects.toMatchObject({ code })
    }
    const elsewhere = attestCall({ institution: 'Nobody' as InstitutionId, size: 1 })
    await expect(chain.call(undefined, elsewhere)).rejects.toMatchObject({ code: 'HEAD_UNKNOWN' })
  })
})

describe('queries', () => {
  it('answer nothing for what is not there, and the empty tree for a log without entries', async () => {
    const chain = new MemoryChain()
    const ask = (name: string, ...args: readonly string[]) => chain.call(undefined, { name, args })
    const digest = `sha256:${'00'.repeat(32)}`
    expect(await ask('institution', agency)).toEqual([])
    expect(await ask('institutions')).toEqual([])
    expect(await ask('seal', agency, 'official')).toEqual([])
    expect(await ask('seals', agency)).toEqual([])
    expect(await ask('certificate', agency, digest)).toEqual([])
    expect(await ask('certificates', agency)).toEqual([])
    expect(await ask('tsas')).toEqual([])
    expect(await ask('appendOf', agency, '0')).toEqual([])
    const head = (await ask('head', agency)) as unknown as LogHead
    expect(head.root).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it('keep institutions apart whose ids begin alike', async () => {
    const chain = new MemoryChain()
    const ids = ['Jiangzhou', 'Jiangzhou-B', 'Jiangzhou.B', 'Jiangzhou0', 'JiangzhouA'] as InstitutionId[]
    await chain.call({ institution: ids[0], role: 'registrar' }, founding(ids[0]))
    for (const id of ids.slice(1)) await chain.call({ institution: ids[0], role: 'registrar' }, founding(id))
    for (const id of ids) {
      expect(await chain.call(undefined, { name: 'appendOf', args: [id, '0'] })).toMatchObject([{ institution: id }])
      expect(await chain.call(undefined, { name: 'appendOf', args: [id, '1'] })).toEqual([])
    }
  })
})

describe('refusals as text', () => {
  it('come back with code, sentence and details, also from inside a wrapper', () => {
    const error = new RuleError('LOG_SIZE_MISMATCH', 'the log holds 5 entries,\nnot 4', { size: 5, why: 'a "b"' })
    const text = ruleErrorText(error)
    expect(text).toBe('LOG_SIZE_MISMATCH: the log holds 5 entries, not 4\t{"size":5,"why":"a \\"b\\""}')
    for (const wrapped of [text, `chaincode response 500, ${text}`, `10 ABORTED: failed: ${text}\nmore`]) {
      const found = parseRuleError(wrapped)
      expect(found).toMatchObject({ code: 'LOG_SIZE_MISMATCH', details: { size: 5, why: 'a "b"' } })
      expect(found?.message).toBe('the log holds 5 entries, not 4')
    }
  })

  it('are not found where none stands', () => {
    expect(parseRuleError('ECONNREFUSED: nobody listens')).toBeUndefined()
    expect(parseRuleError('')).toBeUndefined()
    expect(parseRuleError('X_HEAD_UNKNOWN: no code of ours')).toBeUndefined()
  })
})
