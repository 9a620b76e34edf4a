import { concat, fromHex, toHex, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { bytes, number, readSet } from '../testing/fabric-peers'
import { blockDataHash, blockHash, readBlock, readBlockTransaction, validationCodes } from './fabric-block'
import { readWrites } from './fabric-messages'

const FABRIC_INVALID = expect.objectContaining({ code: 'FABRIC_INVALID' })
const NONE = new Uint8Array(0)

function blockOf(envelopes: readonly Uint8Array[], filter: Uint8Array): Uint8Array {
  const header = concat(number(1, 7), bytes(2, sha256(utf8('previous'))), bytes(3, sha256(concat(...envelopes))))
  const data = concat(...envelopes.map((one) => bytes(1, one)))
  const metadata = concat(bytes(1, utf8('signatures')), bytes(1, NONE), bytes(1, filter))
  return concat(bytes(1, header), bytes(2, data), bytes(3, metadata))
}

describe('a block', () => {
  it('has a number, links, transactions and their codes', () => {
    const envelopes = [utf8('one'), utf8('two')]
    const block = readBlock(blockOf(envelopes, Uint8Array.of(0, 11)))
    expect(block.header.number).toBe(7)
    expect(toHex(block.header.previousHash)).toBe(toHex(sha256(utf8('previous'))))
    expect(toHex(blockDataHash(block))).toBe(toHex(block.header.dataHash))
    expect(block.envelopes).toEqual(envelopes)
    expect(validationCodes(block)).toEqual([0, 11])
  })

  it('is named by the DER of its header', () => {
    const header = { number: 300, previousHash: fromHex('0102'), dataHash: fromHex('03') }
    expect(toHex(blockHash(header))).toBe(toHex(sha256(fromHex('300b0202012c04020102040103'))))
    expect(toHex(blockHash({ ...header, number: 301 }))).not.toBe(toHex(blockHash(header)))
  })

  it('without a code for each transaction, or with a field that nobody knows, is refused', () => {
    const read = (filter: Uint8Array) => validationCodes(readBlock(blockOf([utf8('one'), utf8('two')], filter)))
    expect(() => read(Uint8Array.of(0))).toThrow(FABRIC_INVALID)
    expect(() => readBlock(concat(blockOf([], NONE), bytes(4, NONE)))).toThrow(FABRIC_INVALID)
    expect(() => readBlock(blockOf([utf8('one')], NONE).subarray(0, 20))).toThrow(FABRIC_INVALID)
  })
})

describe('a transaction of a block', () => {
  const envelopeOf = (type: number, data: Uint8Array) => {
    const channelHeader = concat(number(1, type), bytes(4, utf8('cinnabar')), bytes(5, utf8('ab12')))
    return bytes(1, concat(bytes(1, bytes(1, channelHeader)), bytes(2, data)))
  }

  it('that changes the configuration is told by its type, and what it holds is not read', () => {
    const read = readBlockTransaction(envelopeOf(1, utf8('a configuration')))
    expect(read).toEqual({ type: 1, channel: 'cinnabar', id: 'ab12', chaincode: '' })
  })

  it('of no action or of two is refused', () => {
    const action = bytes(1, bytes(2, bytes(2, NONE)))
    expect(readBlockTransaction(envelopeOf(3, action)).endorsed).toMatchObject({ endorsements: [] })
    expect(() => readBlockTransaction(envelopeOf(3, NONE))).toThrow(FABRIC_INVALID)
    expect(() => readBlockTransaction(envelopeOf(3, concat(action, action)))).toThrow(FABRIC_INVALID)
  })
})

describe('writes', () => {
  const write = bytes(3, concat(bytes(1, utf8('log/A')), bytes(3, utf8('value'))))

  it('are those of the one chaincode, deletions among them', () => {
    const deletion = bytes(3, concat(bytes(1, utf8('log/B')), number(2, 1)))
    expect(readWrites(readSet(concat(write, deletion)), 'cinnabar')).toEqual([
      { key: 'log/A', value: utf8('value') },
      { key: 'log/B' },
    ])
    expect(readWrites(readSet(write), 'other')).toEqual([])
  })

  it('of private data or of a key’s own policy are refused', () => {
    expect(() => readWrites(readSet(bytes(4, NONE)), 'cinnabar')).toThrow(FABRIC_INVALID)
    expect(() => readWrites(readSet(NONE, bytes(3, utf8('secret'))), 'cinnabar')).toThrow(FABRIC_INVALID)
  })
})
