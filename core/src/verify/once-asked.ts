/** What `read` gives, read when first asked for and kept. */
export function onceAsked<T>(read: () => T): () => T {
  let found: { readonly value: T } | undefined
  return () => {
    found ??= { value: read() }
    return found.value
  }
}
