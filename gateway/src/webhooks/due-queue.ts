interface Place {
  readonly at: number
  readonly id: string
}

/** What waits for a time, the earliest first; what has the same time in the order in which it came. */
export class DueQueue {
  /** When each is due, in milliseconds since 1970. */
  readonly #due = new Map<string, number>()
  /** A binary heap; a place whose time is not that in `#due` is passed over. */
  #heap: Place[] = []

  get size(): number {
    return this.#due.size
  }

  /** Also moves what waits already. */
  put(id: string, at: number): void {
    if (this.#due.get(id) === at) return
    this.#due.set(id, at)
    if (this.#heap.length > 2 * this.#due.size + 64) this.#rebuild()
    else this.#push({ id, at })
  }

  delete(id: string): void {
    this.#due.delete(id)
  }

  /** When the first is due; undefined when nothing waits. */
  nextAt(): number | undefined {
    return this.#first()?.at
  }

  /** Takes out the first, if it is due by then. */
  take(now: number): string | undefined {
    const first = this.#first()
    if (first === undefined || first.at > now) return undefined
    this.#pop()
    this.#due.delete(first.id)
    return first.id
  }

  /** Nothing waits longer than until then. */
  clamp(latest: number): void {
    for (const [id, at] of this.#due) if (at > latest) this.#due.set(id, latest)
    this.#rebuild()
  }

  #first(): Place | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#due.get(first.id) === first.at) return first
      this.#pop()
    }
    return undefined
  }

  #rebuild(): void {
    // A sorted list is a heap; sorting keeps the order of what is equal.
    this.#heap = [...this.#due].map(([id, at]) => ({ id, at })).sort((a, b) => a.at - b.at)
  }

  #push(place: Place): void {
    const heap = this.#heap
    let i = heap.push(place) - 1
    for (let up = (i - 1) >> 1; i > 0 && heap[up].at > place.at; up = (i - 1) >> 1) {
      heap[i] = heap[up]
      i = up
    }
    heap[i] = place
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let i = 0
    for (let down = 1; down < heap.length; down = 2 * i + 1) {
      if (down + 1 < heap.length && heap[down + 1].at < heap[down].at) down++
      if (heap[down].at >= last.at) break
      heap[i] = heap[down]
      i = down
    }
    heap[i] = last
  }
}
