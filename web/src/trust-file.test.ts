import { concat, utf8 } from '@cinnabar/core'
import { sampleTrust } from './testing/sample-trust'
import { browserShelf, noShelf, readTrust, type TrustInUse } from './trust-file'
import { spaced } from './view/trust'

const inUse: TrustInUse = {
  ...readTrust(sampleTrust()),
  fileName: 'trust.json',
  origin: 'served',
  kept: false,
  together: false,
}

describe('a trust file', () => {
  it('is the same with a line feed after it, and has the same fingerprint', () => {
    expect(readTrust(concat(sampleTrust(), utf8('\n')))).toEqual(readTrust(sampleTrust()))
    expect(spaced(inUse.fingerprint)).toMatch(/^sha256( [0-9a-f]{4}){16}$/)
  })

  it('is refused unless it is canonical', () => {
    expect(() => readTrust(concat(utf8(' '), sampleTrust()))).toThrow(
      expect.objectContaining({ code: expect.any(String) }),
    )
    expect(() => readTrust(utf8('{}'))).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }))
  })
})

describe('the shelf in the browser', () => {
  it('gives back what was pinned, with its origin, until it is forgotten', () => {
    const shelf = browserShelf(memory)
    expect(shelf.load()).toBeUndefined()
    expect(shelf.save(inUse)).toBe(true)
    expect(shelf.load()).toEqual({ ...inUse, kept: true })
    shelf.forget()
    expect(shelf.load()).toBeUndefined()
  })

  it.each(['{', '{}', '{"record":"{}","fileName":"x"}', 'null'])('gives nothing for %s', (text) => {
    const storage = memory()
    storage.setItem('cinnabar.trust', text)
    expect(browserShelf(() => storage).load()).toBeUndefined()
    storage.clear()
  })

  it('says that nothing is kept where the browser forbids it', () => {
    const shelf = browserShelf(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    expect([shelf.load(), shelf.save(inUse)]).toEqual([undefined, false])
  })
})

it('a page on disk remembers nothing', () => {
  expect([noShelf.save(inUse), noShelf.load()]).toEqual([false, undefined])
})

const items = new Map<string, string>()

function memory(): Storage {
  return {
    length: 0,
    key: () => null,
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}
