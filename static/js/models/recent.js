// static/js/models/recent.js: what this person looked for lately, the newest first, kept on this device alone.

const MOST = 6

export class Recent {
  #store
  #key

  /** `store`: localStorage or anything like it; it may refuse, then nothing is remembered. */
  constructor(store, key) {
    this.#store = store
    this.#key = key
  }

  get all() {
    try {
      const kept = JSON.parse(this.#store.getItem(this.#key) ?? "[]")
      return Array.isArray(kept) ? kept.filter((words) => typeof words === "string").slice(0, MOST) : []
    } catch { return [] }
  }

  add(words) {
    if (words.length > 1) this.#keep([words, ...this.all.filter((other) => other !== words)].slice(0, MOST))
  }

  clear() { this.#keep([]) }

  #keep(words) {
    try { this.#store.setItem(this.#key, JSON.stringify(words)) } catch { /* a full or closed store */ }
  }
}
