// static/js/controllers/strip.js: a strip of links that scrolls sideways where it is narrow begins at the page one is on.

export default class Strip {
  constructor(element) {
    const here = element.querySelector("[aria-current]")
    if (!here || element.scrollWidth <= element.clientWidth) return
    // Not scrollIntoView: the page itself must not move.
    const { left, width } = here.getBoundingClientRect(), strip = element.getBoundingClientRect()
    element.scrollLeft += left + width / 2 - (strip.left + strip.width / 2)
  }
}
