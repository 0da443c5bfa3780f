// static/js/controllers/combo.js: a field that offers what is meant while it is typed. The server answers
// [{value, label, hint, ...}]; the chosen value goes to the hidden field beside it, and "combo:choose" tells the rest.

import { get } from "../http.js"
import { t } from "../i18n.js"
import { say } from "../say.js"

const PAUSE = 180

export default class Combo {
  #offered = []
  #at = -1
  #timer = 0
  #asked = null

  constructor(element) {
    this.element = element
    this.input = element.querySelector("[role=combobox]")
    this.chosen = element.querySelector("[data-chosen]")
    this.list = element.querySelector("[role=listbox]")
    this.input.addEventListener("input", () => this.#typed())
    this.input.addEventListener("keydown", (event) => this.#key(event))
    this.input.addEventListener("blur", () => this.#close())
    // The field keeps the focus, so that a click on an option comes before the list closes.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault())
    this.list.addEventListener("click", (event) => this.#take(event.target.closest("[role=option]")))
  }

  #typed() {
    this.chosen.value = ""
    clearTimeout(this.#timer)
    if (this.input.value.trim().length < 2) return this.#close()
    this.#timer = setTimeout(() => this.#ask(), PAUSE)
  }

  async #ask() {
    this.#asked?.abort()
    this.#asked = new AbortController()
    const url = `${this.element.dataset.url}?q=${encodeURIComponent(this.input.value.trim())}`
    const answer = await get(url, { signal: this.#asked.signal })
    if (answer.ok && document.activeElement === this.input) this.#offer(answer.data)
  }

  #offer(choices) {
    this.#offered = choices
    this.list.replaceChildren(...choices.map((choice, index) => this.#option(choice, index)))
    if (!choices.length) this.list.append(Object.assign(document.createElement("p"), { textContent: t("no_choice") }))
    this.list.hidden = false
    this.input.setAttribute("aria-expanded", "true")
    this.#mark(choices.length ? 0 : -1)
    say(choices.length ? t("choices", { count: choices.length }) : t("no_choice"))
  }

  #option({ label, hint }, index) {
    const option = document.createElement("div")
    option.append(Object.assign(document.createElement("bdi"), { className: "clip", textContent: label }))
    if (hint) option.append(Object.assign(document.createElement("small"), { textContent: hint, dir: "auto" }))
    option.setAttribute("role", "option")
    option.id = `${this.list.id}-${index}`
    return option
  }

  #mark(index) {
    this.#at = index
    for (const [place, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(place === index))
    if (index < 0) return this.input.removeAttribute("aria-activedescendant")
    this.input.setAttribute("aria-activedescendant", this.list.children[index].id)
    this.list.children[index].scrollIntoView({ block: "nearest" })
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = this.#offered.length
    if (this.list.hidden || event.isComposing) return
    if (step && count) {
      event.preventDefault()
      this.#mark((this.#at + step + count) % count)
    } else if (event.key === "Enter" && this.#at >= 0) {
      event.preventDefault()
      this.#take(this.list.children[this.#at])
    } else if (event.key === "Escape") {
      event.stopPropagation()
      this.#close()
    }
  }

  #take(option) {
    const choice = option && this.#offered[[...this.list.children].indexOf(option)]
    if (!choice) return
    this.input.value = choice.label
    this.chosen.value = choice.value
    this.#close()
    this.element.dispatchEvent(new CustomEvent("combo:choose", { bubbles: true, detail: choice }))
  }

  #close() {
    clearTimeout(this.#timer)
    this.#asked?.abort()
    this.list.hidden = true
    this.input.setAttribute("aria-expanded", "false")
    this.input.removeAttribute("aria-activedescendant")
  }
}
