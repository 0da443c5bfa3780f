// static/js/controllers/board/drag.js: a card dragged over the board, in either writing direction.
// The card stays in its list as a shadow, a ghost follows the pointer and a line shows the place. Card ids are the
// anchors, and boxes are measured whenever they are needed, so what others do to the board meanwhile is seen.

import { t } from "../../i18n.js"
import { columnAt, pull, slotAt } from "../../models/drag.js"
import { Bar } from "./bar.js"
import { Hand } from "./hand.js"
import { Pointer } from "./pointer.js"

const OUTSIDE = 40, UNFOLD_MS = 500

export class Drag {
  #held = null

  constructor(board) {
    this.board = board
    this.bar = new Bar(board)
    this.pointer = new Pointer(board.element, {
      take: (face, x, y) => this.#take(Number(face.dataset.card), x, y),
      move: (x, y) => this.#move(x, y),
      release: (isDrop) => this.#release(isDrop),
    })
  }

  /** The id of the card in the hand. */
  get card() { return this.#held?.card }

  /** Others changed the board: the line stays with its anchors, and a card that somebody moved says so. */
  refresh(frames) {
    const held = this.#held
    if (!held) return
    this.#draw()
    const isMoved = frames.some(({ card, name }) => card?.id === held.card && name !== "card.changed")
    if (isMoved) held.hand.tell(t("board.moved_meanwhile"))
  }

  #take(card, x, y) {
    const { view, stream, element, canMove } = this.board, face = view.face(card)
    if (!canMove || !face?.isConnected) return false
    const [base, from] = [stream.versionOf(card), stream.stageOf(card)]
    this.#held = { card, base, from, hand: new Hand(face, x, y), spot: null }
    face.classList.add("shadowed")
    Object.assign(element.style, { cursor: "grabbing", scrollSnapType: "none" })
    this.#scroll()
    return true
  }

  #move(x, y) {
    Object.assign(this.#held.hand, { x, y })
    this.#aim()
  }

  #aim() {
    const held = this.#held, { view } = this.board, { x, y } = held.hand, named = this.bar.stageAt(x, y)
    const stage = named === undefined ? this.#stageAt(held.hand) : named ?? undefined
    held.isOnBar = named !== undefined
    held.hand.move(x, y, held.isOnBar ? this.bar.bottom : undefined)
    this.bar.hover(named)
    this.#target(stage)
    const isOpen = stage !== undefined && !view.columns.get(stage).dataset.refuses
    held.spot = isOpen ? { stage, ...slotAt(this.#boxes(stage), held.isOnBar ? -Infinity : y) } : null
    this.#draw()
  }

  #stageAt({ x, y }) {
    const { view, element } = this.board, area = element.getBoundingClientRect()
    if (Math.max(area.left - x, x - area.right, area.top - y, y - area.bottom) > OUTSIDE) return undefined
    const boxes = [...view.columns].map(([id, column]) => ({ id, ...sides(column) }))
    return columnAt(boxes.filter(({ left, right }) => right > left), x)?.id
  }

  /** The faces of a stage without the one in the hand, as they stand on the screen now. */
  #boxes(stage) {
    const faces = [...(this.board.view.list(stage)?.querySelectorAll(":scope > [data-card]") ?? [])]
    const boxes = faces.map((face) => ({ id: Number(face.dataset.card), ...sides(face) }))
    return boxes.filter(({ id }) => id !== this.#held.card)
  }

  #draw() {
    const { hand, spot } = this.#held, { view } = this.board, list = spot && view.list(spot.stage)
    const [above, below] = [view.face(spot?.after), view.face(spot?.before)]
    if (!list) return hand.mark(null)
    if (above?.parentNode !== list) return hand.mark(list, below?.parentNode === list ? below : list.firstElementChild)
    const next = above.nextElementSibling
    hand.mark(list, next === hand.line ? next.nextElementSibling : next)
  }

  /** Shows the column that would take the card, and keeps its order while the pointer is over it. */
  #target(stage) {
    const held = this.#held, { view } = this.board
    if (held.stage === stage) return
    clearTimeout(held.unfold)
    view.columns.get(held.stage)?.classList.remove("target")
    view.columns.get(stage)?.classList.add("target")
    held.stage = stage
    view.freeze(stage)
    const fold = view.columns.get(stage)?.querySelector(".fold[aria-expanded=false]")
    if (fold) held.unfold = setTimeout(() => fold.click(), UNFOLD_MS)
  }

  /** Near an edge the board scrolls, frame by frame. */
  #scroll() {
    const held = this.#held
    if (!held) return
    const { element } = this.board, { x, y } = held.hand, { scrollLeft, scrollTop } = element
    const { left, right, top, bottom } = element.getBoundingClientRect()
    if (held.isOnBar) this.bar.scroll(x)
    else element.scrollBy({ left: pull(x, left, right), top: pull(y, top, bottom), behavior: "instant" })
    if (element.scrollLeft !== scrollLeft || element.scrollTop !== scrollTop || held.isOnBar) this.#aim()
    held.frame = requestAnimationFrame(() => this.#scroll())
  }

  #release(isDrop) {
    const { card, base, from, hand, spot, stage, frame, unfold } = this.#held
    const { view, moves, words, element } = this.board
    this.#held = null
    cancelAnimationFrame(frame)
    clearTimeout(unfold)
    this.bar.hover(undefined)
    view.lift(card, hand.rect)
    hand.drop()
    view.columns.get(stage)?.classList.remove("target")
    view.face(card)?.classList.remove("shadowed")
    Object.assign(element.style, { cursor: "", scrollSnapType: "" })
    view.thaw()
    if (isDrop && spot && !this.#isSame(card, spot)) {
      moves.place(card, spot, { base })
      words.dropped(card, from)
    } else this.board.refresh(this.board.stream.stageOf(card))
  }

  #isSame(card, { stage, after, before }) {
    const list = this.board.stream.screen(stage), index = list.indexOf(card)
    return index >= 0 && list[index - 1] === after && list[index + 1] === before
  }
}

function sides(element) {
  const { left, right, top, bottom } = element.getBoundingClientRect()
  return { left, right, top, bottom }
}
