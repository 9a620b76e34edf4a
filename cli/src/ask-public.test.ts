import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Address, askPublic, isPublic, type PublicQuestion } from './ask-public'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

/** Serves on an address of the loopback network; Linux has all of 127.0.0.0/8. */
async function serves(listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, host, done))
  return `http://${host}:${(server.address() as AddressInfo).port}`
}

const CRL: PublicQuestion = { accept: '*/*', maxBytes: 1000 }
const ANYWHERE: PublicQuestion = { ...CRL, mayGo: () => true }
const asked = async (url: string, question: PublicQuestion = ANYWHERE) => {
  try {
    return Buffer.from(await askPublic(url, question)).toString()
  } catch (error) {
    return (error as { readonly code: string }).code
  }
}

describe('an address that a certificate names', () => {
  it('is read', async () => {
    const url = await serves((request, response) => response.end(`${request.method} ${request.url}`))
    expect(await asked(`${url}/ca.crl`)).toBe('GET /ca.crl')
  })

  it('is sent what is to be asked', async () => {
    const url = await serves((request, response) => request.pipe(response))
    const body = { type: 'application/ocsp-request', bytes: new Uint8Array(Buffer.from('who')) }
    expect(await asked(url, { ...ANYWHERE, body })).toBe('who')
  })

  it.each([
    'ftp://example.org/a.crl',
    'file:///etc/passwd',
    'ldap://example.org/',
    'http://user:pass@example.org/',
    '',
  ])('is not asked when it is %s', async (url) => expect(await asked(url)).toBe('URL_REFUSED'))

  it.each(['http://127.0.0.1/', 'http://localhost/', 'http://[::1]/', 'http://169.254.169.254/', 'http://0x7f.1/'])(
    'is not asked within one’s own network: %s',
    async (url) => expect(await asked(url, CRL)).toBe('ADDRESS_REFUSED'),
  )

  it('is not followed from the internet into one’s own network', async () => {
    let reached = 0
    const inner = await serves((_, response) => response.end(String(++reached)))
    const outer = await serves(
      (_, response) => response.writeHead(302, { Location: `${inner}/secret` }).end(),
      '127.0.0.2',
    )
    // The outer server's address stands for one of the internet.
    const mayGo = ({ address }: Address) => address === '127.0.0.2'
    expect(await asked(outer, { ...CRL, mayGo })).toBe('ADDRESS_REFUSED')
    expect(reached).toBe(0)
  })

  it('is followed three times, and an answer to a question never', async () => {
    const url = await serves((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(307, { Location: `/${left - 1}` }).end()
    })
    expect(await asked(`${url}/3`)).toBe('there')
    expect(await asked(`${url}/4`)).toBe('REDIRECTED')
    const body = { type: 'application/ocsp-request', bytes: new Uint8Array(1) }
    expect(await asked(`${url}/1`, { ...ANYWHERE, body })).toBe('REDIRECTED')
    const elsewhere = await serves((_, response) => response.writeHead(301, { Location: 'file:///etc/passwd' }).end())
    expect(await asked(elsewhere)).toBe('URL_REFUSED')
  })

  it('is left when its answer is too large, however large it says it is', async () => {
    let sent = 0
    const url = await serves((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 16))) sent += 1 << 16
      }
      response.on('drain', more)
      more()
    })
    expect(await asked(url)).toBe('TOO_LARGE')
    expect(sent).toBeLessThan(64 << 20)
  })

  it('is left when it drips', async () => {
    const timers: NodeJS.Timeout[] = []
    const url = await serves((_, response) => {
      timers.push(setInterval(() => response.write('.'), 20))
    })
    expect(await asked(url, { ...ANYWHERE, timeoutMs: 300 })).toBe('TIMEOUT')
    for (const timer of timers) clearInterval(timer)
  })

  it('is told apart by what it fails by', async () => {
    const url = await serves((_, response) => response.writeHead(404).end('no'))
    expect(await asked(url)).toBe('STATUS')
    expect(await asked(url.replace('http:', 'https:'))).toMatch(/^(TLS|CONNECTION)_FAILED$/)
    expect(await asked('http://127.0.0.1:1/')).toBe('CONNECTION_FAILED')
    expect(await asked('http://nobody.invalid/')).toBe('NAME_UNKNOWN')
  })
})

it.each([
  ['1.1.1.1', true],
  ['2606:4700:4700::1111', true],
  ['10.1.2.3', false],
  ['100.100.100.200', false],
  ['::ffff:127.0.0.1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['2002:7f00:1::', false],
  ['64:ff9b::7f00:1', false],
])('%s is an address of the internet: %s', (address, expected) => {
  expect(isPublic({ address, family: address.includes(':') ? 6 : 4 })).toBe(expected)
})
