// static/js/controllers/board/pointer.js: when a pointer takes a card up and when it lets go. Mouse, pen and touch.
// Esc, right click, loss of the window, a hidden tab and lost capture let go without a drop; a click stays a click.

import { HOLD_MS, Press } from "../../models/drag.js"

export class Pointer {
  #press = null // the pointer that is down; `isSpent` when its drag is over and only the release is to come
  #isHolding = false

  /** `take(face, x, y)` answers whether a drag began; then come `move(x, y)` and at the end `release(isDrop)`. */
  constructor(element, { take, move, release }) {
    Object.assign(this, { element, take, move, release })
    const on = (target, names, handler, options) => {
      for (const name of names.split(" ")) target.addEventListener(name, handler, options)
    }
    on(element, "pointerdown", (event) => this.#down(event))
    on(document, "pointermove", (event) => this.#isMine(event) && this.#moved(event))
    on(document, "pointerup", (event) => this.#isMine(event) && this.#up(true))
    on(document, "pointercancel", (event) => this.#isMine(event) && this.#up(false))
    on(element, "lostpointercapture", (event) => this.#isMine(event) && this.#up(false))
    on(element, "dragstart", (event) => event.preventDefault()) // links and images would drag themselves
    on(element, "selectstart", (event) => this.#press && event.preventDefault())
    on(element, "touchmove", (event) => this.#isHolding && event.preventDefault(), { passive: false })
    on(document, "contextmenu", (event) => this.#contextMenu(event))
    on(document, "keydown", (event) => this.#isHolding && event.key === "Escape" && this.#escape(event), true)
    on(window, "blur pagehide", () => this.cancel())
    on(document, "visibilitychange", () => document.hidden && this.cancel())
    element.style.webkitTouchCallout = "none"
  }

  cancel() {
    clearTimeout(this.#press?.timer)
    if (this.#press) this.#press.isSpent = true
    this.#letGo(false)
  }

  #isMine({ pointerId }) { return this.#press?.pointerId === pointerId }

  #down(event) {
    const face = event.target.closest("[data-card]")
    if (!face || event.button || event.ctrlKey || (this.#press && !this.#press.isSpent)) return
    if (event.target.closest("button, input, select, textarea, [contenteditable]")) return
    const { clientX: x, clientY: y, pointerId, pointerType } = event, isMouse = pointerType === "mouse"
    const press = { rule: new Press({ x, y, isMouse }), pointerId, face, x, y, isMouse }
    if (!isMouse) press.timer = setTimeout(() => this.#begin(press), HOLD_MS)
    this.#press = press
  }

  #moved({ clientX: x, clientY: y, buttons }) {
    const press = this.#press
    if (press.isSpent) return
    if (!this.#isHolding) {
      const verdict = press.rule.moved(x, y)
      if (verdict === "leave") this.cancel()
      if (verdict === "start") this.#begin(press)
    }
    if (this.#isHolding && buttons & 2) this.cancel()
    else if (this.#isHolding) this.move(x, y)
  }

  #begin(press) {
    clearTimeout(press.timer)
    this.#isHolding = this.take(press.face, press.x, press.y)
    if (!this.#isHolding) return this.cancel()
    this.element.setPointerCapture(press.pointerId)
    getSelection()?.removeAllRanges()
    if (!press.isMouse) navigator.vibrate?.(10)
    addEventListener("click", swallow, { capture: true })
  }

  #up(isDrop) {
    clearTimeout(this.#press.timer)
    this.#press = null
    this.#letGo(isDrop)
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50) // the click of this very release
  }

  #letGo(isDrop) {
    if (!this.#isHolding) return
    this.#isHolding = false
    this.release(isDrop)
  }

  #contextMenu(event) {
    if (!this.#isHolding) return
    event.preventDefault()
    if (this.#press.isMouse) this.cancel() // a long touch asks for the menu by itself
  }

  #escape(event) {
    event.preventDefault()
    event.stopPropagation()
    this.cancel()
  }
}

function swallow(event) {
  event.preventDefault()
  event.stopPropagation()
}
