import { constants, gzipSync } from 'node:zlib'

const BLOCK = 512

/**
 * A tar (POSIX ustar) in gzip's format whose bytes depend on names and contents only: a chaincode's package id is the
 * digest of its package. Nothing is compressed, since compressors differ between versions.
 * @param files - name to bytes or text, taken in the order given.
 */
export function tarOf(files) {
  const members = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content)
    return [header(name, bytes.length), bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))]
  })
  const zipped = gzipSync(Buffer.concat([...members, Buffer.alloc(2 * BLOCK)]), { level: constants.Z_NO_COMPRESSION })
  // RFC 1952 2.3: the tenth byte names the operating system; 255 is "unknown".
  zipped[9] = 255
  return zipped
}

function header(name, size) {
  const block = Buffer.alloc(BLOCK)
  const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`
  block.write(name, 0)
  block.write(octal(0o644, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write('        ', 148)
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
