// static/js/controllers/card/parts.js: the parts of the page that follow the card: title, properties, phases, outcome.

const TRY_AGAIN = 800

export class Parts {
  #waiting = new Map()
  #timer = null

  constructor(element) { this.element = element }

  /** Puts the new parts in place; one in which somebody types or chooses waits until it is left. */
  renew(html) {
    const template = document.createElement("template")
    template.innerHTML = html
    for (const part of template.content.querySelectorAll("[data-part]")) this.#waiting.set(part.dataset.part, part)
    this.#put()
  }

  #put() {
    clearTimeout(this.#timer)
    for (const [name, part] of this.#waiting) {
      const old = this.element.querySelector(`[data-part="${name}"]`)
      if (old && isBusy(old)) continue
      this.#waiting.delete(name)
      if (old && said(old) !== said(part)) replace(old, part)
    }
    if (this.#waiting.size) this.#timer = setTimeout(() => this.#put(), TRY_AGAIN)
  }
}

const isBusy = (part) => part.querySelector(":popover-open, [data-field]:not([hidden])") || isTypedIn(part)

/** What a part says; the token in its forms is a new one each time and says nothing. */
const said = (part) => part.innerHTML.replace(/(name="csrf_token" value=")[^"]*/g, "$1")

function isTypedIn(part) {
  return part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
}

/** The focus stays on what it was on: a button of a menu that closed, by the menu's name. */
function replace(old, part) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null
  const target = focused?.getAttribute("popovertarget")
  old.replaceWith(part)
  if (focused) (target ? part.querySelector(`[popovertarget="${target}"]`) : part.querySelector("button, a"))?.focus()
}
