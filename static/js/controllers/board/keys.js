// static/js/controllers/board/keys.js: the board without a pointer. One face is in the tab order, arrows go from face
// to face; Space grabs, Alt+Shift+arrow moves at once, m opens the move menu, a takes the card, Home and End go to the
// ends of a column.

import { Grab } from "./grab.js"
import { handle } from "./view.js"

const ROWS = { ArrowUp: -1, ArrowDown: 1 }, SIDES = { ArrowLeft: -1, ArrowRight: 1 }

export class Keys {
  #current = null

  constructor(board) {
    Object.assign(this, { board, grab: new Grab(board) })
    const { element, view } = board
    view.dress.push((face) => this.#dress(face))
    for (const face of view.faces) this.#dress(face)
    this.refresh()
    element.addEventListener("focusin", (event) => this.#enter(event.target.closest("[data-card]")))
    element.addEventListener("keydown", (event) => this.#down(event))
    document.addEventListener("keydown", (event) => this.#undo(event))
    this.#focus(Number(location.hash.match(/^#card-(\d+)$/)?.[1])) // back from the page of this card
  }

  /** Always one face can be reached by Tab. Called after every change of the board. */
  refresh() {
    const { element, view } = this.board
    if (view.face(this.#current)?.isConnected) return
    const first = element.querySelector("[data-card]")
    this.#current = first && Number(first.dataset.card)
    if (first) this.#dress(first)
  }

  #down(event) {
    const face = event.target.closest("[data-card]")
    if (!face || event.ctrlKey || event.metaKey) return
    const card = Number(face.dataset.card), step = this.#step(event.key)
    const isForFace = !event.altKey && !event.target.closest("button")
    if (step ? this.#arrow(event, card, step) : isForFace && this.#key(latin(event), card)) event.preventDefault()
  }

  #arrow({ altKey, shiftKey }, card, step) {
    if (altKey !== shiftKey) return false
    if (this.grab.isHolding) this.grab.carry(step)
    else if (altKey) this.grab.moveAtOnce(card, step)
    else this.#focusNext(card, step)
    return true
  }

  #key(key, card) {
    if (this.grab.isHolding) return this.#grabbed(key)
    const acts = {
      " ": () => this.grab.take(card), m: () => this.board.menu.open(card), a: () => this.board.assign(card),
      Home: () => this.#focus(this.#column(card).at(0)), End: () => this.#focus(this.#column(card).at(-1)),
    }
    acts[key]?.()
    return key in acts
  }

  #grabbed(key) {
    if (key === " " || key === "Enter") this.grab.drop()
    else if (key === "Escape" || key === "Tab") this.grab.cancel()
    return key !== "Tab"
  }

  #step(key) {
    const isRtl = getComputedStyle(this.board.element).direction === "rtl"
    if (SIDES[key]) return { stages: SIDES[key] * (isRtl ? -1 : 1), rows: 0 }
    return ROWS[key] ? { stages: 0, rows: ROWS[key] } : null
  }

  #column(card) { return this.board.stream.screen(this.board.stream.stageOf(card)) }

  #focusNext(card, { stages, rows }) {
    const { stream, view } = this.board, here = this.#column(card), index = here.indexOf(card)
    if (rows) return this.#focus(here[index + rows])
    const order = view.order.filter((stage) => view.list(stage) && stream.screen(stage).length)
    const there = stream.screen(order[order.indexOf(stream.stageOf(card)) + stages])
    this.#focus(there[Math.min(index, there.length - 1)])
  }

  #focus(card) {
    const face = this.board.view.face(card)
    if (!face) return
    this.board.view.show(card)
    handle(face).focus({ preventScroll: true })
  }

  #enter(face) {
    if (!face) return
    const old = this.board.view.face(this.#current)
    this.#current = Number(face.dataset.card)
    if (old && old !== face) this.#dress(old)
    this.#dress(face)
  }

  /** Of a face that is not the current one nothing is in the tab order. */
  #dress(face) {
    const isCurrent = Number(face.dataset.card) === this.#current
    for (const part of [handle(face), ...face.querySelectorAll("a, button")]) part.tabIndex = isCurrent ? 0 : -1
    if (this.board.canMove) handle(face).setAttribute("aria-keyshortcuts", "Space M A")
  }

  #undo(event) {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]")
    if (latin(event) !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping) return
    event.preventDefault()
    this.board.moves.undo()
  }
}

/** The key as on a Latin keyboard, so that shortcuts work while the Persian layout is on. */
export function latin({ key, code }) {
  if (key.length > 1) return key
  return !/^[ -~]$/.test(key) && code.startsWith("Key") ? code.at(-1).toLowerCase() : key.toLowerCase()
}
