// static/js/models/columns.js: what the server said stands where. Per stage a window of cards in (rank, id) order.
//
// A window holds every card of its stage whose key is not past `edge`; without an edge the whole stage is loaded.
// The edge is a fixed key: it never follows a card, so what is past it stays unknown without being wrong.

const GONE = new Set(["card.closed", "card.left"])

const order = (a, b) => a.rank - b.rank || a.id - b.id

/** The server's cursor "rank:id" as a key; null when there is nothing further. */
export function parseEdge(cursor) {
  if (!cursor) return null
  const [rank, id] = cursor.split(":").map(Number)
  return { rank, id }
}

export class Columns {
  #stages = new Map()
  #cards = new Map()

  /** `stages`: [{id, cards: [{id, rank, version}] in any order, edge: key | null, total}]. */
  constructor(stages) {
    for (const stage of stages) this.replace(stage.id, stage)
  }

  get stages() { return [...this.#stages.keys()] }
  has(stage) { return this.#stages.has(stage) }
  edge(stage) { return this.#stages.get(stage)?.edge ?? null }
  total(stage) { return this.#stages.get(stage)?.total ?? 0 }
  size(stage) { return this.#stages.get(stage)?.cards.length ?? 0 }
  ids(stage) { return (this.#stages.get(stage)?.cards ?? []).map((card) => card.id) }

  /** {id, rank, version, stage} of a card inside a window, else undefined. */
  card(id) { return this.#cards.get(id) }

  /** The rows of a stage anew, as one answer of the server gave them. */
  replace(stage, { cards, edge, total }) {
    for (const card of this.#stages.get(stage)?.cards ?? []) this.#cards.delete(card.id)
    this.#stages.set(stage, { cards: [], edge, total })
    for (const card of cards) this.#place({ ...card, stage })
  }

  /** The page after the edge. */
  extend(stage, { cards, edge, total }) {
    Object.assign(this.#stages.get(stage), { edge, total })
    for (const card of cards) this.#place({ ...card, stage })
  }

  /** One event. Answers the stages it touched, and of these the ones whose window must be asked for again. */
  apply({ name, card, relabelled = [], counts = {}, reset = false }) {
    const touched = new Set(), torn = new Set()
    for (const [id, { total }] of Object.entries(counts)) {
      const column = this.#stages.get(Number(id))
      if (column) column.total = total
      touched.add(Number(id))
    }
    const isReset = reset || name === "stage.reset"
    if (!card) return { touched, torn: isReset ? new Set(touched) : torn }
    touched.add(this.#take(card.id)?.stage)
    if (!GONE.has(name)) touched.add(this.#place(card)?.stage)
    for (const [id, rank] of relabelled) if (this.#relabel(id, rank, card.stage)) torn.add(card.stage)
    if (relabelled.length) touched.add(card.stage)
    if (isReset) torn.add(card.stage)
    touched.delete(undefined)
    return { touched, torn }
  }

  /** Answers whether the card crossed the edge: still right, but the window shrank or misses a face. */
  #relabel(id, rank, stage) {
    const held = this.#take(id)
    const placed = this.#place({ id, rank, stage, version: held?.version ?? 0 })
    return Boolean(held) !== Boolean(placed)
  }

  #place({ id, rank, version, stage }) {
    this.#take(id)
    const column = this.#stages.get(stage), card = { id, rank, version, stage }
    if (!column || (column.edge && order(card, column.edge) > 0)) return undefined
    column.cards.splice(this.#find(column.cards, card), 0, card)
    this.#cards.set(id, card)
    return card
  }

  #take(id) {
    const card = this.#cards.get(id)
    if (!card) return undefined
    const { cards } = this.#stages.get(card.stage)
    cards.splice(this.#find(cards, card), 1)
    this.#cards.delete(id)
    return card
  }

  #find(cards, key) {
    let low = 0, high = cards.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (order(cards[middle], key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
