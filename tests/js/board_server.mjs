// A server of one board as far as clients can tell: ranks, write path, event log, sync and pages. No clock, no network.

const START = 2 ** 51, T = 1.5

const order = (a, b) => a.rank - b.rank || a.id - b.id

export class BoardServer {
  /**
   * `step` is the distance of ranks at the ends of a stage: a tiny one makes relabelling run constantly. Without
   * `replays` sync only says that something happened, not what.
   */
  constructor({ stages, step = 2 ** 20, resetAbove = 2000, replays = true, emit = () => {} }) {
    Object.assign(this, { stages, step, resetAbove, replays, emit })
    Object.assign(this, { seq: 0, epoch: 1, log: [], cards: new Map(), ops: new Map(), nextId: 1 })
  }

  column(stage) { return [...this.cards.values()].filter((card) => card.stage === stage).sort(order) }

  open(stage, { after = null, before = null } = {}) {
    const card = { id: this.nextId++, version: 1, stage: null, rank: 0 }
    const relabelled = this.place(card, stage, after, before)
    this.cards.set(card.id, card)
    return this.record("card.opened", card, { relabelled })
  }

  /** Answers {status, body} of POST placement. A move conflicts when the stage changed since `base_version`. */
  move(id, { op_id, stage, after, before, base_version }) {
    if (this.ops.has(op_id)) return { status: 200, body: this.ops.get(op_id) }
    const card = this.cards.get(id)
    if (!card) return { status: 404, body: {} }
    if (card.stageVersion > base_version) return { status: 409, body: { code: "conflict", card: { ...card } } }
    const from_stage = card.stage
    const relabelled = this.place(card, stage, after, before)
    card.version += 1
    if (from_stage !== stage) card.stageVersion = card.version
    const frame = this.record("card.moved", card, { op_id, from_stage, relabelled })
    const body = { ok: true, seq: frame.seq, card: { ...card } }
    this.ops.set(op_id, body)
    return { status: 200, body }
  }

  change(id) {
    const card = this.cards.get(id)
    if (!card) return null
    card.version += 1
    return this.record("card.changed", card)
  }

  close(id) {
    const card = this.cards.get(id)
    if (!card) return null
    this.cards.delete(id)
    return this.record("card.closed", card, { from_stage: card.stage })
  }

  record(name, card, { op_id = null, from_stage = null, relabelled = [] } = {}) {
    const counts = {}
    for (const id of [card.stage, from_stage ?? card.stage]) counts[id] = { total: this.column(id).length }
    const reset = relabelled.length > this.resetAbove
    const { id, version, stage, rank } = card
    const frame = { v: 1, epoch: this.epoch, seq: ++this.seq, name: reset ? "stage.reset" : name, op_id, from_stage,
      card: { id, version, stage, rank }, relabelled: reset ? [] : relabelled, counts }
    this.log.push(frame)
    this.emit(frame)
    return frame
  }

  sync({ seq, stages }) {
    if (this.seq - seq > 500) return { seq: this.seq, epoch: this.epoch, reload: true }
    return {
      seq: this.seq, epoch: this.epoch,
      events: this.log.slice(seq).map((frame) => (this.replays ? frame : { seq: frame.seq, card: null })),
      stages: Object.fromEntries(Object.entries(stages).map(([id, count]) => [id, this.page(Number(id), null, count)])),
    }
  }

  page(stage, after, count) {
    const all = this.column(stage), rest = after ? all.filter((card) => order(card, after) > 0) : all
    const cards = rest.slice(0, count).map(({ id, rank, version }) => ({ id, rank, version }))
    const last = cards.at(-1)
    const edge = rest.length > count ? { rank: last.rank, id: last.id } : null
    return { seq: this.seq, cards, edge, total: all.length }
  }

  /** Puts the card between its anchors; answers the [id, rank] pairs that had to make room. */
  place(card, stage, after, before) {
    const column = this.column(stage).filter((other) => other !== card)
    let slot = column.findIndex((other) => other.id === after) + 1
    if (!slot) slot = Math.max(0, column.findIndex((other) => other.id === before))
    const [left, right] = [column[slot - 1], column[slot]], changed = new Map()
    card.stage = stage
    if (!left && !right) card.rank = START
    else if (!left) card.rank = right.rank - this.step
    else if (!right) card.rank = left.rank + this.step
    else {
      for (let b = 4; right.rank - left.rank < 2; b += 1) this.relabel(column, left, b, changed)
      card.rank = left.rank + Math.floor((right.rank - left.rank) / 2)
    }
    return [...changed]
  }

  relabel(column, { rank }, b, changed) {
    const size = 2 ** b, start = Math.floor(rank / size) * size
    const block = column.filter((other) => other.rank >= start && other.rank < start + size)
    if (block.length + 1 > (2 / T) ** b || size / (block.length + 1) < 4) return
    block.forEach((other, index) => {
      other.rank = start + Math.floor(((index + 1) * size) / (block.length + 1))
      changed.set(other.id, other.rank)
    })
  }
}
