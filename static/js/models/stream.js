// static/js/models/stream.js: the ordered events of one board. Screen = confirmed columns + own pending moves.
//
// Frames may come twice, late, in another order or not at all. A frame is applied when its seq is the next one; a hole
// is waited for 400 ms and then asked for in one sync call. While an answer with rows is under way frames only wait in
// the buffer, so that rows and stream always meet at one seq. `docs/board-client.md` tells the whole.

import { Columns } from "./columns.js"
import { Pending } from "./pending.js"

const GAP = 400, SILENCE = 40_000, BLIP = 5_000, POLL = 12_000, RETRIES = [1_000, 2_000, 5_000, 15_000], PAGE = 30

export class Stream {
  #ports
  #buffer = new Map()
  #torn = new Map()
  #head
  #asking = false
  #timer = null
  #silence = null
  #failures = 0
  #isRenewed = false
  #isPaused = false

  /**
   * `board`: {epoch, seq, stages}, stages as `Columns` takes them.
   * `ports`: `ask({epoch, seq, stages: {id: count}})` promises the sync answer, its stages as `Columns.replace` takes
   * them, or nothing;
   * `later(ms, fn)` and `cancel(handle)`; `random()`; and what the page does: `changed({stages: Set, frames: []})`,
   * `live(bool)`, `rejoin()`, `reload()`.
   */
  constructor({ epoch, seq, stages }, ports) {
    Object.assign(this, { epoch, seq, live: false, columns: new Columns(stages), pending: new Pending() })
    this.#ports = ports
    this.#head = seq
  }

  screen(stage) { return this.pending.lay(stage, this.columns.ids(stage)) }
  total(stage) {
    return this.columns.total(stage) + this.pending.delta(stage, (card) => this.columns.card(card)?.stage)
  }

  stageOf(card) { return this.pending.of(card)?.stage ?? this.columns.card(card)?.stage }
  versionOf(card) { return this.columns.card(card)?.version ?? 0 }

  // What comes in.

  receive(frame) {
    this.heard()
    if (frame.epoch > this.epoch) this.#ports.rejoin()
    if (frame.seq <= this.seq) return
    this.#buffer.set(frame.seq, frame)
    this.#drain()
  }

  /** The newest seq of the board, from a heartbeat or an answer. */
  head({ epoch = this.epoch, seq }) {
    this.heard()
    if (epoch > this.epoch) this.#ports.rejoin()
    this.#expect(seq)
  }

  /** In the room of `epoch`. An epoch that came unseen may have brought another board: only a new page is safe. */
  joined({ epoch, seq }) {
    if (epoch !== this.epoch && !this.#isRenewed) return this.#ports.reload()
    this.epoch = epoch
    this.#isRenewed = false
    this.head({ seq })
  }

  /** A sign of life. */
  heard() {
    this.#quiet(SILENCE)
    if (!this.live && !this.#isPaused) this.#ports.live((this.live = true))
  }

  /** The socket closed; a short interruption is not worth a word. */
  lost() {
    this.#isPaused = false
    if (this.live) this.#quiet(BLIP)
  }

  /** The servers do not hear of each other: what others do is asked for now and then until they do. */
  pause() {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#ports.live((this.live = false))
    this.#poll()
  }

  /** They do again; what was missed is asked for at once. */
  resume() {
    this.#isPaused = false
    this.heard()
    this.sync()
  }

  // What this person does.

  /** Shows a move before the server has answered; the same op_id again gives it a new place. */
  begin(op) { this.#show(op, () => this.pending.set(op)) }

  /** The server took the move: it stays laid over until the event of `seq` is applied. */
  accept(op_id, seq) {
    const op = this.pending.find(op_id)
    if (op) op.seq = seq
    const stages = this.#settle(new Set())
    if (stages.size) this.#ports.changed({ stages, frames: [] })
    this.#expect(seq)
  }

  /** The move is off; only this one goes, what came after it stays. */
  fail(op_id) {
    const op = this.pending.find(op_id)
    if (op) this.#show(op, () => this.pending.remove((other) => other === op))
  }

  /** Loads the page after the edge. `fetch(edge)` promises {seq, cards, edge, total} or nothing. Whether it did. */
  async more(stage, fetch) {
    const edge = this.columns.edge(stage)
    if (!edge || this.#asking) return false
    const page = await this.#wait(fetch(edge))
    if (page) {
      this.#drain(page.seq)
      if (this.seq === page.seq) this.columns.extend(stage, page)
      else this.#tear(stage, PAGE)
      this.#ports.changed({ stages: new Set([stage]), frames: [] })
    }
    this.#drain()
    return Boolean(page)
  }

  /** Asks what is newer, and for the torn windows anew. */
  async sync() {
    if (this.#asking) return
    this.#ports.cancel(this.#timer)
    this.#timer = null
    const sizes = [...this.#torn].map(([id, extra]) => [id, Math.max(PAGE, this.columns.size(id) + extra)])
    const stages = Object.fromEntries(sizes)
    const answer = await this.#wait(this.#ports.ask({ epoch: this.epoch, seq: this.seq, stages }))
    if (answer?.reload || answer?.epoch > this.epoch) return this.#ports.reload()
    if (answer && answer.seq >= this.seq) this.#catchUp(answer)
    else this.#failures += 1
    this.#drain()
  }

  // Inside.

  #wait(answer) {
    this.#asking = true
    return answer.finally(() => { this.#asking = false })
  }

  #catchUp({ seq, events = [], stages = {} }) {
    const change = { stages: new Set(), frames: [] }
    this.#failures = 0
    if (canReplay(events, this.seq, seq)) for (const frame of events) this.#apply(frame, change)
    else for (const id of this.columns.stages) this.#tear(id, 0)
    for (const [key, rows] of Object.entries(stages)) {
      const id = Number(key)
      this.columns.replace(id, rows)
      this.#torn.delete(id)
      this.pending.remove((op) => op.past && op.stage === id)
      change.stages.add(id)
    }
    this.seq = seq
    this.#expect(seq)
    this.#settle(change.stages)
    if (change.stages.size || change.frames.length) this.#ports.changed(change)
  }

  #drain(limit = Infinity) {
    const change = { stages: new Set(), frames: [] }
    for (const seq of this.#buffer.keys()) {
      this.#head = Math.max(this.#head, seq)
      if (seq <= this.seq) this.#buffer.delete(seq)
    }
    while (this.seq < limit && !this.#asking && this.#buffer.has(this.seq + 1)) {
      this.#apply(this.#buffer.get(this.seq + 1), change)
      this.#buffer.delete(this.seq)
    }
    this.#settle(change.stages)
    if (change.frames.length) this.#ports.changed(change)
    this.#plan()
  }

  #apply(frame, change) {
    this.seq = frame.seq
    const { touched, torn } = this.columns.apply(frame)
    for (const stage of touched) change.stages.add(stage)
    for (const stage of torn) if (this.columns.has(stage)) this.#tear(stage, 0)
    change.frames.push(frame)
    const op = frame.op_id && this.pending.find(frame.op_id)
    if (op) op.seq = frame.seq
    if (frame.name === "pipeline.redesigned") this.#ports.reload()
    if (frame.name === "access.changed") {
      this.#isRenewed = true
      this.#ports.rejoin()
    }
  }

  /** Ops whose event is in the columns have done their duty, whatever a rule did to the card afterwards. */
  #settle(stages) {
    for (const op of this.pending.remove((op) => op.seq <= this.seq && !op.past && !this.#isPastEdge(op))) {
      stages.add(op.stage).add(this.columns.card(op.card)?.stage ?? op.stage)
    }
    return stages
  }

  /** A card dropped at the end of a window lands past its edge: it stays on the screen until the window includes it. */
  #isPastEdge(op) {
    if (!this.columns.edge(op.stage) || this.columns.card(op.card)) return false
    op.past = true
    this.#tear(op.stage, 1)
    return true
  }

  #tear(stage, extra) { this.#torn.set(stage, Math.max(extra, this.#torn.get(stage) ?? 0)) }

  #expect(seq) {
    this.#head = Math.max(this.#head, seq ?? 0)
    this.#plan()
  }

  #plan() {
    if (this.#asking || this.#timer !== null || (this.seq >= this.#head && !this.#torn.size)) return
    const wait = this.#failures ? RETRIES[Math.min(this.#failures, RETRIES.length) - 1] : GAP
    this.#timer = this.#ports.later(wait * (1 + this.#ports.random() / 4), () => {
      this.#timer = null
      if (this.seq < this.#head || this.#torn.size) this.sync()
    })
  }

  #poll() {
    this.#ports.later(POLL * (1 + this.#ports.random() / 4), () => {
      if (!this.#isPaused) return
      this.sync()
      this.#poll()
    })
  }

  #quiet(ms) {
    this.#ports.cancel(this.#silence)
    this.#silence = this.#ports.later(ms, () => {
      this.#ports.live((this.live = false))
      this.#ports.rejoin() // the room may have been renamed while we were not looking
    })
  }

  #show({ card, stage }, change) {
    const before = this.stageOf(card)
    change()
    const stages = [before, stage, this.stageOf(card)].filter((id) => this.columns.has(id))
    this.#ports.changed({ stages: new Set(stages), frames: [] })
  }
}

/** Whether the frames tell all that happened after `since` up to `seq`, each with its card. */
function canReplay(events, since, seq) {
  const isNext = (frame, index) => frame.seq === since + index + 1 && frame.card !== null
  return events.length === seq - since && events.every(isNext)
}
