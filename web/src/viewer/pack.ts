/** Members of a pack by name. */
export type Pack = (name: string) => Uint8Array

/**
 * Opens what web/build.mjs packs: gzip over a 4-byte big-endian length, that many bytes of JSON
 * `{ name: [offset, length] }`, and the members end to end.
 */
export async function openPack(packed: Uint8Array): Promise<Pack> {
  const bytes = await gunzip(packed)
  const headLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const head = new TextDecoder().decode(bytes.subarray(4, 4 + headLength))
  const members = new Map<string, readonly [number, number]>(Object.entries(JSON.parse(head)))
  return (name) => {
    const [offset, length] = members.get(name) ?? [0, 0]
    // The library transfers what it is given, so each answer is a copy.
    return bytes.slice(4 + headLength + offset, 4 + headLength + offset + length)
  }
}

/** Undoes gzip, with the browser's own decoder. */
export async function gunzip(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([packed as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
