/** Lets work in as long as there is room for it, in the order in which it came. */
export class Gate {
  readonly #room: number
  readonly #waiting: { readonly weight: number; readonly enter: () => void }[] = []
  #inside = 0

  /** @param room - the most that may be inside together; one alone may be larger. */
  constructor(room: number) {
    this.#room = room
  }

  /** Resolves with the work's outcome; until there is room for its `weight` the work is not begun. */
  async pass<T>(weight: number, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ weight, enter })
      this.#admit()
    })
    try {
      return await work()
    } finally {
      this.#inside -= weight
      this.#admit()
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#inside > 0 && this.#inside + next.weight > this.#room) return
      this.#waiting.shift()
      this.#inside += next.weight
      next.enter()
    }
  }
}
