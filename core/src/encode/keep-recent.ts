/** Puts an entry in as the newest and drops the oldest ones, so that at most `max` stay. @returns the value. */
export function keepRecent<K, V>(map: Map<K, V>, max: number, key: K, value: V): V {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= max) break
    map.delete(oldest)
  }
  return value
}
