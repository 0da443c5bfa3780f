// static/js/controllers/board/grab.js: a card carried by keyboard. Until it is dropped its place is a pending move that
// only this screen knows, so what others do meanwhile leaves it between its neighbours.

import { neighbour } from "../../models/drag.js"
import { newOpId } from "./moves.js"

export class Grab {
  #held = null

  constructor(board) {
    this.board = board
    board.element.addEventListener("focusout", () => setTimeout(() => this.#held && !this.#hasFocus() && this.cancel()))
  }

  get isHolding() { return this.#held !== null }

  take(card) {
    const { stream, view, words, canMove } = this.board
    if (!canMove) return
    this.#held = { card, op_id: newOpId(), base: stream.versionOf(card), from: stream.stageOf(card), spot: null }
    view.face(card).classList.add("grabbed")
    words.grabbed(card)
  }

  /** One step further; `step` as `neighbour` takes it. */
  carry(step) {
    const { stream, view, words } = this.board, { card, op_id } = this.#held
    const spot = neighbour(stream, view.order, card, step)
    if (!spot) return words.border(card)
    this.#held.spot = spot
    stream.begin({ op_id, card, ...spot })
    view.show(card)
    words.at(card)
  }

  drop() {
    const { card, op_id, base, from, spot } = this.#letGo()
    this.board.words.dropped(card, from)
    if (spot) this.board.moves.place(card, spot, { op_id, base })
  }

  cancel() {
    const { card, op_id } = this.#letGo()
    this.board.stream.fail(op_id)
    this.board.words.returned(card)
  }

  /** Alt+Shift+arrow: the step is the move. */
  moveAtOnce(card, step) {
    const { stream, view, words, moves, canMove } = this.board
    if (!canMove) return
    const from = stream.stageOf(card), spot = neighbour(stream, view.order, card, step)
    if (!spot) return words.border(card)
    moves.place(card, spot)
    view.show(card)
    words.dropped(card, from)
  }

  #letGo() {
    const held = this.#held
    this.#held = null
    this.board.view.face(held.card)?.classList.remove("grabbed")
    return held
  }

  #hasFocus() { return this.board.view.face(this.#held.card)?.contains(document.activeElement) }
}
