import { webhookTargets } from './target'

const refused = { code: 'WEBHOOK_URL_REFUSED' }
const resolved = (...addresses: readonly string[]) =>
  webhookTargets([], async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) })),
  )

describe('where webhooks may go', () => {
  it.each(['https://hooks.example.com/a?b=c', 'https://203.0.112.1/', 'https://[2606:4700:4700::1111]:8443/hook'])(
    'lets pass %s',
    (url) => {
      expect(() => webhookTargets([]).requireUrl(url)).not.toThrow()
    },
  )

  it.each([
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'hooks.example.com',
    '',
    'https://user@hooks.example.com/',
    'https://:password@hooks.example.com/',
    'https://hooks.example.com/#part',
    `https://hooks.example.com/${'a'.repeat(500)}`,
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a00:1]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[ff02::1]/',
  ])('refuses %s by what it says', (url) => {
    expect(() => webhookTargets([]).requireUrl(url)).toThrow(expect.objectContaining(refused))
  })

  it.each(['127.0.0.1', '10.1.2.3', '::1', 'fd00::1', '::ffff:192.168.0.1', '169.254.169.254'])(
    'refuses a name that leads to %s, also beside a public address',
    async (address) => {
      const url = new URL('https://hooks.example.com/')
      await expect(resolved(address).resolve(url)).rejects.toMatchObject(refused)
      await expect(resolved('93.184.216.34', address).resolve(url)).rejects.toMatchObject(refused)
    },
  )

  it('refuses a name that leads nowhere, and http to a public address', async () => {
    await expect(resolved().resolve(new URL('https://hooks.example.com/'))).rejects.toMatchObject(refused)
    await expect(resolved('93.184.216.34').resolve(new URL('http://hooks.example.com/'))).rejects.toMatchObject(refused)
  })

  it('gives every address of a name that may be gone to', async () => {
    const found = await resolved('93.184.216.34', '2606:2800:220:1::').resolve(new URL('https://hooks.example.com/'))
    expect(found.map(({ address }) => address)).toEqual(['93.184.216.34', '2606:2800:220:1::'])
  })

  it('does not go to a public address of this machine, unless the operator names it', async () => {
    const own = () => ['93.184.216.34', '2606:2800:220:1::']
    const none = async () => []
    const url = 'https://93.184.216.34:8443/'
    expect(() => webhookTargets([], none, own).requireUrl(url)).toThrow(expect.objectContaining(refused))
    expect(() => webhookTargets([], none, own).requireUrl('https://[2606:2800:220:1:0::]/')).toThrow(
      expect.objectContaining(refused),
    )
    expect(() => webhookTargets(['93.184.216.34'], none, own).requireUrl(url)).not.toThrow()
    const byName = webhookTargets([], async () => [{ address: '93.184.216.34', family: 4 }], own)
    await expect(byName.resolve(new URL('https://own.example/'))).rejects.toMatchObject(refused)
  })

  it('goes to what the operator names, also by http, and to nothing beside it', async () => {
    const targets = webhookTargets(['10.1.0.0/16', 'fd00::/8'], async (host) => [
      { address: host === 'in.example' ? '10.1.2.3' : '10.2.0.1', family: 4 },
    ])
    expect(() => targets.requireUrl('http://10.1.255.1/')).not.toThrow()
    expect(() => targets.requireUrl('http://[fd00::5]/')).not.toThrow()
    expect(() => targets.requireUrl('http://10.2.0.1/')).toThrow(expect.objectContaining(refused))
    expect(() => targets.requireUrl('http://1.1.1.1/')).toThrow(expect.objectContaining(refused))
    await expect(targets.resolve(new URL('http://in.example/'))).resolves.toHaveLength(1)
    await expect(targets.resolve(new URL('https://out.example/'))).rejects.toMatchObject(refused)
  })
})
