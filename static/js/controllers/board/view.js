// static/js/controllers/board/view.js: shows the screen of the stream: faces in their lists, counts in the heads.
// Elements are moved, never drawn anew: focus, scroll position and what a person is doing survive.

import { parseEdge } from "../../models/columns.js"
import { number, t } from "../../i18n.js"
import { flash, glide, visibleRects } from "./motion.js"

const STATES = ["shadowed", "unsaved", "grabbed"]

export class View {
  #faces = new Map()
  #frozen = null
  #late = new Set()
  #lifted = new Map()

  /** `dress`: functions that are called with every face that comes onto the board. */
  constructor(element) {
    Object.assign(this, { element, dress: [] })
    this.columns = new Map([...element.querySelectorAll("[data-stage]")].map((el) => [Number(el.dataset.stage), el]))
    for (const face of element.querySelectorAll("[data-card]")) this.#faces.set(Number(face.dataset.card), face)
    const head = element.querySelector(".col-head")
    if (head) element.style.scrollPaddingBlockStart = `${head.offsetHeight + 6}px`
  }

  get order() { return [...this.columns.keys()] }
  get faces() { return this.#faces.values() }
  face(id) { return this.#faces.get(id) }
  list(stage) { return this.columns.get(stage)?.querySelector(".cards") }
  stageName(stage) { return this.columns.get(stage)?.getAttribute("aria-label") ?? "" }
  cardName(id) { return this.face(id)?.querySelector("h3")?.textContent.trim() || this.face(id)?.dataset.code || "" }

  /** What the page was delivered with, as `Stream` takes it. */
  read() {
    return this.order.map((id) => {
      const { next, total } = this.columns.get(id).dataset
      const cards = [...this.columns.get(id).querySelectorAll("[data-card]")].map(keyOf)
      return { id, cards, edge: parseEdge(next), total: Number(total ?? cards.length) }
    })
  }

  /** Faces from the server; known ones are replaced in place, new ones wait for `render`. */
  adopt(html) {
    const faces = parse(html)
    for (const face of faces) {
      const id = Number(face.dataset.card), old = this.#faces.get(id)
      this.#faces.set(id, face)
      for (const dress of this.dress) dress(face)
      if (!old?.isConnected) continue
      const focus = old.contains(document.activeElement) ? document.activeElement.className : null
      face.classList.add(...STATES.filter((state) => old.classList.contains(state)))
      old.replaceWith(face)
      const target = focus && face.getElementsByClassName(focus)[0]
      if (focus !== null) (target || handle(face)).focus({ preventScroll: true })
    }
    return faces.map(keyOf)
  }

  /** A stage keeps its order on the screen until `thaw`, so that nothing slips under the pointer. */
  freeze(stage) {
    if (this.#frozen === stage) return
    this.thaw()
    this.#frozen = stage
  }

  thaw() {
    const late = [...this.#late]
    this.#frozen = null
    this.#late.clear()
    if (late.length) this.onlate(late)
  }

  /** The next `render` lets this card glide from there, the place where the hand let it go. */
  lift(id, rect) { this.#lifted.set(id, rect) }

  /** Brings the stages up to date. Answers the ids that should be seen and have no face yet. */
  render(stages, stream) {
    const due = [...stages].filter((stage) => this.list(stage) && (stage !== this.#frozen || !this.#late.add(stage)))
    const focus = this.#focus()
    const start = new Map([...visibleRects(due.flatMap((stage) => [...this.list(stage).children])), ...this.#lifted])
    const missing = due.flatMap((stage) => this.#arrange(stage, stream.screen(stage)))
    for (const stage of due) this.#sweep(stage, stream)
    for (const stage of stages) this.#count(stage, stream)
    glide(start, (id) => this.#faces.get(id))
    this.#lifted.clear()
    focus?.()
    return missing
  }

  show(id) { this.face(id)?.scrollIntoView({ block: "nearest", inline: "nearest" }) }
  flash(id) { if (this.face(id)) flash(this.face(id)) }

  #arrange(stage, ids) {
    const list = this.list(stage), wanted = ids.map((id) => this.#faces.get(id)).filter(Boolean), set = new Set(wanted)
    let at = list.firstElementChild
    for (const face of wanted) {
      while (at && !set.has(at)) at = at.nextElementSibling
      if (at === face) at = at.nextElementSibling
      else if (at && at.nextElementSibling === face) at = face.nextElementSibling // `at` itself moved: its turn comes
      else list.insertBefore(face, at)
    }
    return ids.filter((id) => !this.#faces.has(id))
  }

  #sweep(stage, stream) {
    for (const face of this.list(stage).querySelectorAll(":scope > [data-card]")) {
      const id = Number(face.dataset.card), home = stream.stageOf(id)
      if (home === stage) continue
      face.remove()
      if (home === undefined) this.#faces.delete(id)
    }
  }

  #count(stage, stream) {
    const column = this.columns.get(stage), total = stream.total(stage), { limit } = column?.dataset ?? {}
    if (!column) return
    const text = limit ? t("board.of_limit", { n: number(total), limit: number(Number(limit)) }) : number(total)
    column.classList.toggle("over", Boolean(limit) && total > Number(limit))
    for (const place of document.querySelectorAll(`[data-count="${stage}"]`)) place.textContent = text
  }

  /** Moving an element blurs it: how to give the focus back, to the next card when its card is gone. */
  #focus() {
    const held = document.activeElement, face = held?.closest?.("[data-card]")
    if (!face || !this.element.contains(face)) return null
    const list = face.parentElement, index = [...list.children].indexOf(face)
    return () => {
      if (document.activeElement === held) return
      const cards = [...list.querySelectorAll(":scope > [data-card]")], to = cards[Math.min(index, cards.length - 1)]
      const target = held.isConnected ? held : to && handle(to)
      target?.focus({ preventScroll: held.isConnected })
    }
  }
}

/** What of a face takes the focus. */
export const handle = (face) => face.querySelector("h3 a") ?? face

function keyOf({ dataset: { card, rank, version } }) {
  return { id: Number(card), rank: Number(rank), version: Number(version) }
}

function parse(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return [...template.content.querySelectorAll("[data-card]")]
}
