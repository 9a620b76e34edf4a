import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '@cinnabar/bench/checkers/command'
import { type Dss, startDss } from '@cinnabar/bench/checkers/dss'
import { LineProcess } from '@cinnabar/bench/checkers/line-process'
import { opensslVerifyToken } from '@cinnabar/bench/checkers/openssl'
import { pdfsig } from '@cinnabar/bench/checkers/pdfsig'
import { type Pyhanko, startPyhanko } from '@cinnabar/bench/checkers/pyhanko'
import { qpdfCheck } from '@cinnabar/bench/checkers/qpdf'
import { toolPath } from '@cinnabar/bench/checkers/tools'
import { describeWithTools } from './with-tools'

const folder = mkdtempSync(join(tmpdir(), 'cinnabar-checkers-'))
const inFolder = (name: string) => join(folder, name)
const corpus = (name: string) => join(__dirname, '..', '..', '..', 'shared', 'corpus', name)
const twice = corpus('signed/pyHanko--minimal-signed-twice-no-sig-type.pdf')
const unsigned = corpus('inputs/pdf.js--issue11279.pdf')

afterAll(() => rmSync(folder, { recursive: true }))

/** The same file with one character of the first page's content changed. */
function tampered(): string {
  const bytes = readFileSync(twice)
  const at = bytes.indexOf('stream') + 20
  bytes[at] ^= 1
  writeFileSync(inFolder('tampered.pdf'), bytes)
  return inFolder('tampered.pdf')
}

/** @returns paths of a new P-256 or RSA key and a self-signed certificate for it. */
async function identity(name: string, key: readonly string[], usage: string) {
  const paths = { key: inFolder(`${name}.key`), certificate: inFolder(`${name}.der`) }
  const subject = ['-subj', `/CN=${name}`, '-days', '3650', '-addext', usage]
  const made = ['req', '-x509', '-nodes', '-newkey', ...key, '-keyout', paths.key, '-outform', 'DER']
  const { exitCode, stderr } = await runCommand(toolPath('openssl'), [...made, '-out', paths.certificate, ...subject])
  if (exitCode !== 0) throw new Error(stderr)
  return paths
}

describeWithTools(['pdfsig', 'corpus'], 'pdfsig', () => {
  it('calls both signatures of a file signed twice valid', async () => {
    const found = await pdfsig(twice)
    expect(found.map(({ field, valid }) => [field, valid])).toEqual([
      ['Sig1', true],
      ['Sig2', true],
    ])
    expect(found.map(({ coversWholeFile }) => coversWholeFile)).toEqual([false, true])
  })

  it('calls neither valid when the content has changed', async () => {
    expect((await pdfsig(tampered())).map(({ valid }) => valid)).toEqual([false, false])
  })

  it('finds nothing in an unsigned file', async () => {
    expect(await pdfsig(unsigned)).toEqual([])
  })

  it('refuses what is not a PDF', async () => {
    await expect(pdfsig(__filename)).rejects.toMatchObject({ code: 'CHECKER_FAILED' })
  })
})

describeWithTools(['qpdf', 'corpus'], 'qpdf --check', () => {
  it('has nothing to say of a sound file', async () => {
    expect(await qpdfCheck(twice)).toEqual({ exitCode: 0, messages: [] })
  })

  it('counts the faults of a file that is not a PDF', async () => {
    const { exitCode, messages } = await qpdfCheck(__filename)
    expect(exitCode).toBe(2)
    expect(messages.length).toBeGreaterThan(0)
  })
})

describeWithTools(['dss', 'corpus'], 'EU DSS', () => {
  let dss: Dss
  beforeAll(() => {
    dss = startDss()
  })
  afterAll(() => dss.stop())

  it('finds both signatures of a file signed twice intact, and their signers unknown', async () => {
    const { signatures, ms } = await dss.verify(twice, { trusted: [] })
    expect(signatures.map(({ intact, valid }) => intact && valid)).toEqual([true, true])
    expect(signatures.map(({ indication, subIndication }) => [indication, subIndication])).toEqual([
      ['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND'],
      ['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND'],
    ])
    expect(ms).toBeGreaterThan(0)
  }, 60_000)

  it('fails both when the content has changed', async () => {
    const { signatures } = await dss.verify(tampered(), { trusted: [] })
    expect(signatures.map(({ indication }) => indication)).toEqual(['TOTAL_FAILED', 'TOTAL_FAILED'])
  }, 60_000)

  it('refuses what is not a PDF, and answers the next question', async () => {
    await expect(dss.verify(__filename, { trusted: [] })).rejects.toMatchObject({ code: 'CHECKER_FAILED' })
    expect((await dss.verify(unsigned, { trusted: [] })).signatures).toEqual([])
  }, 60_000)
})

describeWithTools(['pyhanko', 'dss', 'openssl', 'corpus'], 'pyHanko', () => {
  let pyhanko: Pyhanko
  beforeAll(() => {
    pyhanko = startPyhanko()
  })
  afterAll(() => pyhanko.stop())

  it('seals a page to B-T, which EU DSS and pyHanko itself pass under the signer as trusted', async () => {
    const signer = await identity('signer', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'keyUsage=nonRepudiation')
    const tsa = await identity('tsa', ['rsa:2048'], 'extendedKeyUsage=critical,timeStamping')
    const out = inFolder('sealed.pdf')
    const sealing = { ...signer, tsaKey: tsa.key, tsaCertificate: tsa.certificate, out, repeat: 2 }
    const { ms } = await pyhanko.seal(unsigned, sealing)
    expect(ms).toHaveLength(2)

    const trust = { trusted: [signer.certificate, tsa.certificate] }
    const own = (await pyhanko.verify(out, trust)).signatures[0]
    expect(own).toMatchObject({ bottomLine: true, coverage: 'ENTIRE_FILE', timestamp: { valid: true } })
    const dss = startDss()
    const [found] = (await dss.verify(out, trust)).signatures
    await dss.stop()
    expect(found).toMatchObject({ indication: 'TOTAL_PASSED', format: 'PAdES-BASELINE-T' })
  }, 60_000)

  it('finds neither signature intact when the content has changed', async () => {
    const { signatures } = await pyhanko.verify(tampered(), { trusted: [] })
    expect(signatures).toMatchObject([{ intact: false }, { intact: false }])
  }, 60_000)
})

describeWithTools(['openssl'], 'openssl ts -verify', () => {
  it('refuses bytes that are no token', async () => {
    const nothing = Uint8Array.of(0x30, 0x00)
    expect(await opensslVerifyToken({ token: nothing, data: nothing, trusted: [] })).toMatchObject({ ok: false })
  })
})

describe('a long-lived checker', () => {
  const echo = `process.stdin.on('data', (line) => JSON.parse(line).slow || process.stdout.write('{"error":null,"n":1}\\n'))`

  it('is stopped when it is too slow, and starts again for the next question', async () => {
    const child = new LineProcess(process.execPath, ['-e', echo])
    await expect(child.ask({ slow: true }, 300)).rejects.toMatchObject({ code: 'CHECKER_TIMEOUT' })
    expect(await child.ask({ slow: false }, 10_000)).toMatchObject({ n: 1 })
    await child.stop()
  })

  it('fails the question during which it ends, with its last words', async () => {
    const child = new LineProcess(process.execPath, ['-e', `console.error('out of ink'); process.exit(3)`])
    await expect(child.ask({}, 10_000)).rejects.toMatchObject({ code: 'CHECKER_FAILED' })
  })

  it('fails the question when the program does not exist', async () => {
    await expect(new LineProcess('/nonexistent', []).ask({}, 10_000)).rejects.toMatchObject({ code: 'CHECKER_MISSING' })
  })
})

describe('a command', () => {
  it('is stopped when it is too slow', async () => {
    const waits = runCommand(process.execPath, ['-e', 'setTimeout(() => 0, 60000)'], 200)
    await expect(waits).rejects.toMatchObject({ code: 'CHECKER_TIMEOUT' })
  })
})
