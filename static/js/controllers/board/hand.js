// static/js/controllers/board/hand.js: a card in the hand: its ghost under the pointer and the line where it lands.

export class Hand {
  /** Takes `face` up at the pointer (x, y). */
  constructor(face, x, y) {
    const { left, top, width, height } = face.getBoundingClientRect()
    this.ghost = document.createElement("div")
    this.ghost.className = `${face.className} in-hand`
    this.ghost.setAttribute("aria-hidden", "true")
    this.ghost.inert = true
    this.ghost.dir = getComputedStyle(face).direction
    this.ghost.append(...face.cloneNode(true).childNodes)
    Object.assign(this.ghost.style, {
      position: "fixed", inset: "auto", left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`,
      margin: 0, pointerEvents: "none",
    })
    document.body.append(this.ghost)
    this.line = document.createElement("li")
    this.line.className = "insert"
    this.line.setAttribute("aria-hidden", "true")
    this.start = { x, y, top }
    this.move(x, y)
  }

  get rect() { return this.ghost.getBoundingClientRect() }

  /** `ceiling`: what lies above this line of the screen is not covered. */
  move(x, y, ceiling = -Infinity) {
    Object.assign(this, { x, y })
    const down = Math.max(y - this.start.y, ceiling - this.start.top)
    this.ghost.style.translate = `${x - this.start.x}px ${down}px`
  }

  /** Shows the insertion line in `list`, above `next` or at the end; without a list nowhere. */
  mark(list, next = null) {
    if (!list) this.line.remove()
    else if (this.line.parentNode !== list || this.line.nextElementSibling !== next) list.insertBefore(this.line, next)
  }

  /** A sentence on the ghost: what happened to the card meanwhile. */
  tell(text) {
    this.note ??= this.ghost.appendChild(Object.assign(document.createElement("p"), { className: "notice soon" }))
    this.note.textContent = text
    this.ghost.style.height = "auto"
  }

  drop() {
    this.ghost.remove()
    this.line.remove()
  }
}
