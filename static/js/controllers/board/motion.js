// static/js/controllers/board/motion.js: cards glide to their place and new ones light up, unless motion is unwanted.

const CALM = { duration: 190, easing: "cubic-bezier(.2, .7, .2, 1)", id: "glide" }

const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches
const isVisible = ({ bottom, right, top, left }) => bottom > 0 && right > 0 && top < innerHeight && left < innerWidth

/** Where faces are on the screen now, by card id; those out of sight are left out. A glide under way is ended there. */
export function visibleRects(faces) {
  if (isCalm()) return []
  const cards = faces.filter((face) => face.dataset.card)
  const rects = cards.map((face) => [Number(face.dataset.card), face.getBoundingClientRect()])
  for (const face of cards) face.getAnimations().find(({ id }) => id === CALM.id)?.cancel()
  return rects.filter(([, rect]) => isVisible(rect))
}

/** Lets faces glide from where they were. */
export function glide(start, faceOf) {
  if (isCalm()) return
  const ways = [...start].map(([id, from]) => [faceOf(id), from]).filter(([face]) => face?.isConnected)
    .map(([face, from]) => [face, from, face.getBoundingClientRect()])
  for (const [face, from, to] of ways) {
    const [x, y] = [from.left - to.left, from.top - to.top]
    if (Math.abs(x) + Math.abs(y) > 1) face.animate([{ translate: `${x}px ${y}px` }, { translate: "0 0" }], CALM)
  }
}

export function flash(face) {
  if (isCalm()) return
  face.animate([{ backgroundColor: "var(--accent-soft)", outline: "2px solid var(--accent-line)" },
    { backgroundColor: "var(--surface)", outline: "2px solid transparent" }], { duration: 1600, easing: "ease-out" })
}
