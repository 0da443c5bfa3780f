// static/js/controllers/menu.js: a popover menu under its button: arrows, Home and End, type-ahead, and a place of its own
// where the browser cannot anchor.

const ITEMS = 'a[href], button:not([disabled]), [role^="menuitem"]:not([aria-disabled="true"])'

export default class Menu {
  #typed = ""
  #timer = 0

  constructor(element) {
    this.element = element
    this.button = document.querySelector(`[popovertarget="${element.id}"]`)
    this.button?.setAttribute("aria-haspopup", "true")
    element.addEventListener("toggle", (event) => this.#toggled(event.newState === "open"))
    element.addEventListener("keydown", (event) => this.#key(event))
    element.addEventListener("click", (event) => event.target.closest(ITEMS) && this.#chosen(event))
    this.button?.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown") return
      event.preventDefault()
      element.showPopover({ source: this.button })
    })
  }

  get items() { return [...this.element.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility()) }

  #toggled(isOpen) {
    if (!isOpen) return
    if (this.button && !CSS.supports("position-area", "block-end") && innerWidth >= 720) this.#place()
    if (this.button?.matches(":focus-visible")) this.items[0]?.focus()
  }

  #place() {
    const at = this.button.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height, style, dataset } = this.element
    const isRight = (getComputedStyle(this.element).direction === "rtl") !== (dataset.align === "end")
    const x = isRight ? at.right - width : at.left, left = Math.max(8, Math.min(x, innerWidth - width - 8))
    const top = Math.max(8, at.bottom + height > innerHeight ? at.top - height - 8 : at.bottom)
    Object.assign(style, { inset: "auto", left: `${left}px`, top: `${top}px` })
  }

  #key(event) {
    const { items } = this, at = items.indexOf(document.activeElement), last = items.length - 1
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key]
    if (event.target.closest("input, textarea, select")) return
    if (to !== undefined) {
      event.preventDefault()
      items[to]?.focus()
    } else if (event.key.length === 1 && (event.key !== " " || this.#typed) && !event.ctrlKey && !event.metaKey) this.#find(event)
  }

  #find(event) {
    if (event.key === " ") event.preventDefault() // within what is typed it presses nothing
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.#typed = "" }, 700)
    this.#typed += fold(event.key)
    this.items.find((item) => fold(item.textContent.trim()).startsWith(this.#typed))?.focus()
  }

  #chosen(event) {
    if (event.target.closest("[data-stays], .switch")) return
    this.element.hidePopover()
    if (event.detail === 0) this.button?.focus()
  }
}

const fold = (text) => text.toLowerCase().replaceAll("ي", "ی").replaceAll("ك", "ک").replaceAll("\u200c", " ")
