// static/js/controllers/board/bar.js: the stage bar of a phone takes cards too. Dropped on a name a card goes to the top
// of that stage; resting on it brings the stage into view, where its place can be chosen.

import { pull } from "../../models/drag.js"

const REST_MS = 600

export class Bar {
  #over = null
  #rest = null

  constructor(board) {
    this.view = board.view
    this.element = document.querySelector(".stagebar")
  }

  get bottom() { return this.element.getBoundingClientRect().bottom }

  /** The stage whose name is at this point of the screen; undefined beside the bar, null on it between names. */
  stageAt(x, y) {
    if (!this.element?.offsetHeight) return undefined
    const { top, bottom, left, right } = this.element.getBoundingClientRect()
    if (y < top || y > bottom || x < left || x > right) return undefined
    const hit = this.#links().find((link) => isWithin(link.getBoundingClientRect(), x))
    return hit ? stageOf(hit) : null
  }

  /** The hand is over this stage's name now, or over none. */
  hover(stage) {
    if (this.#over === stage) return
    clearTimeout(this.#rest)
    this.#over = stage
    for (const link of this.element ? this.#links() : []) link.classList.toggle("target", stageOf(link) === stage)
    if (stage) this.#rest = setTimeout(() => this.#show(stage), REST_MS)
  }

  /** Scrolls the names when the hand is near an end of the bar. */
  scroll(x) {
    const { left, right } = this.element.getBoundingClientRect()
    this.element.scrollBy({ left: pull(x, left, right), behavior: "instant" })
  }

  #show(stage) { this.view.columns.get(stage)?.scrollIntoView({ block: "nearest", inline: "start" }) }

  #links() { return [...this.element.querySelectorAll("a[href^='#stage-']")] }
}

const isWithin = ({ left, right }, x) => x >= left && x <= right
const stageOf = (link) => Number(link.hash.slice("#stage-".length))
