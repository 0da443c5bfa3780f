// static/js/models/drag.js: the rules of a drag without a page: when it starts, where it lands, how the edges pull.
// Everything is physical (screen sides), so that both writing directions are the same to it.

const MOUSE_SLOP = 5, HOLD_SLOP = 10, EDGE = 64, FASTEST = 20

export const HOLD_MS = 250

/** A pointer that is down. A mouse drags by moving; what scrolls by moving (touch, pen) must first rest for HOLD_MS. */
export class Press {
  constructor({ x, y, isMouse }) { Object.assign(this, { x, y, isMouse }) }

  /** "wait", "start", or "leave" when the person scrolls. */
  moved(x, y) {
    const far = Math.hypot(x - this.x, y - this.y)
    if (this.isMouse) return far > MOUSE_SLOP ? "start" : "wait"
    return far > HOLD_SLOP ? "leave" : "wait"
  }
}

/** The box [{id, left, right}] that holds `x`, in a gap between two the nearer one. */
export function columnAt(boxes, x) {
  const distance = ({ left, right }) => Math.max(left - x, x - right, 0)
  return boxes.reduce((best, box) => (best && distance(best) <= distance(box) ? best : box), null)
}

/** Between which of the boxes [{id, top, bottom}], from top to bottom, `y` falls: {after, before}, ids or undefined. */
export function slotAt(boxes, y) {
  const next = boxes.findIndex(({ top, bottom }) => y < (top + bottom) / 2)
  const slot = next < 0 ? boxes.length : next
  return { after: boxes[slot - 1]?.id, before: boxes[slot]?.id }
}

/** Pixels to scroll per frame along one axis of a box when the pointer is `at`; faster the nearer to the edge. */
export function pull(at, start, end) {
  const edge = Math.min(EDGE, (end - start) / 4), fastest = Math.min(FASTEST, (end - start) / 60) // a screen a second
  const speed = (depth) => Math.ceil(fastest * Math.min(1, depth / edge))
  if (at < start + edge) return -speed(start + edge - at)
  return at > end - edge ? speed(at - end + edge) : 0
}

/** Where a card goes that takes `index` in a list of ids without it. */
export const spotAt = (stage, list, index) => ({ stage, after: list[index - 1], before: list[index] })

/** The place one step away, or null at the border. `step`: {stages: ±1 | 0, rows: ±1 | 0} in reading direction. */
export function neighbour(stream, order, card, { stages, rows }) {
  const from = stream.stageOf(card), here = stream.screen(from), index = here.indexOf(card)
  if (rows) {
    const to = index + rows
    return to < 0 || to >= here.length ? null : spotAt(from, here.filter((id) => id !== card), to)
  }
  const stage = order[order.indexOf(from) + stages]
  return stage === undefined ? null : spotAt(stage, stream.screen(stage), Math.min(index, stream.screen(stage).length))
}
