// static/js/controllers/board/moves.js: a card takes its new place at once and goes back when the server refuses.

import { t } from "../../i18n.js"
import { say, toast } from "../../say.js"
import { ask } from "./closing.js"

const SLOW = 300, UNDO_SECONDS = 10, RETRIES = [1_000, 2_000, 4_000]

/** crypto.randomUUID is missing on plain http, which is how many offices run this. */
export function newOpId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export class Moves {
  #last = new Map()
  #mine = new Set()
  #versions = new Map() // of cards, as answers to this person's moves gave them
  #undo = null
  #closeToast = null

  constructor(board, { post }) { Object.assign(this, { board, post }) }

  isMine(op_id) { return this.#mine.has(op_id) }

  /**
   * Puts a card at `spot` {stage, after, before, isEnd}. `base` is the version that the person saw, by default the
   * newest. A second move of the same card waits for the answer to the first, whose version it builds on.
   */
  async place(card, spot, { op_id = newOpId(), base = this.board.stream.versionOf(card), isUndo = false } = {}) {
    const { stream, view } = this.board, from = stream.columns.card(card)?.stage, op = { op_id, card, ...spot }
    const { code } = view.face(card).dataset
    this.#mine.add(op_id)
    stream.begin(op)
    const before = this.#last.get(card) ?? Promise.resolve()
    const turn = before.then(() => this.#carryOut(op, { code, base, from, isUndo }))
    this.#last.set(card, turn)
    await turn
    if (this.#last.get(card) === turn) this.#last.delete(card)
  }

  /** Takes back the last own move, while the server still allows it. */
  undo() {
    const back = this.#undo
    this.#undo = null
    back?.()
  }

  async #carryOut(op, { code, base, from, isUndo }) {
    const { view } = this.board
    const slow = setTimeout(() => view.face(op.card)?.classList.add("unsaved"), SLOW)
    try {
      const base_version = Math.max(base, this.#versions.get(op.card) ?? 0)
      const request = { op_id: op.op_id, stage_id: op.stage, base_version, ...anchors(op) }
      const answer = await this.#send(`/cards/${code}/placement`, request)
      const closed = answer.data?.code === "closing_form" ? await ask(answer.data.form_url, request) : answer
      if (closed?.ok) this.#accepted(op, closed.data, { from, isUndo })
      else this.#refused(op, closed)
    } finally {
      clearTimeout(slow)
      view.face(op.card)?.classList.remove("unsaved")
    }
  }

  /** Repeats a request that got no answer: the same op_id changes a thing once. */
  async #send(url, request) {
    for (const wait of [...RETRIES, null]) {
      const answer = await this.post(url, request)
      if (!wait || ![0, 502, 503, 504].includes(answer.status)) return answer
      await pause(wait)
    }
  }

  #accepted({ op_id, card, stage }, data, { from, isUndo }) {
    const { stream, view, faces } = this.board
    if (data?.card) this.#versions.set(card, data.card.version)
    if (data?.seq) stream.accept(op_id, data.seq)
    else stream.sync().then(() => stream.fail(op_id))
    faces.want([card])
    if (isUndo) return toast(t("board.undone", { item: view.cardName(card) }))
    if (!data?.undo) return
    const { stage_id, after_id, base_version } = data.undo
    const text = { item: view.cardName(card), stage: view.stageName(stage) }
    const back = () => this.place(card, this.#spot(stage_id, after_id, card), { base: base_version, isUndo: true })
    this.#undo = () => this.#later(card, text.item, back)
    if (stage !== from) this.#offer(t("board.moved", text), { undo: () => this.undo() })
  }

  #refused({ op_id, card, ...spot }, answer) {
    const { stream, view } = this.board, item = view.cardName(card)
    stream.fail(op_id)
    if (!answer) return say(t("board.returned", { item }))
    const { status, data } = answer
    if (status && status !== 422) stream.sync() // this board did not know something
    if (status !== 409 || !data?.card) {
      const why = (status && data?.detail) || t(status ? "board.refused" : "board.offline", { item })
      return toast(why, { kind: "error" })
    }
    const run = () => this.#later(card, item, () => this.place(card, spot, { base: data.card.version }))
    this.#offer(data.detail, { action: { label: t("board.move_anyway"), run } })
  }

  /** Does what was offered, unless the card has left the board since. */
  #later(card, item, act) {
    if (this.board.view.face(card)) act()
    else toast(t("board.gone", { item }))
  }

  /** One toast at a time offers something about moves: the newest. */
  #offer(text, options) {
    this.#closeToast?.()
    this.#closeToast = toast(text, { ...options, seconds: UNDO_SECONDS })
  }

  #spot(stage, after, card) {
    const first = this.board.stream.screen(stage).find((id) => id !== card)
    return after ? { stage, after } : { stage, before: first }
  }
}

function anchors({ after, before, isEnd }) {
  return isEnd ? { at_end: true } : { after_id: after ?? null, before_id: before ?? null }
}
