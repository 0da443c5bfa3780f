// static/js/controllers/palette.js: go to a card by its code, a person by phone, or a page by name. Ctrl K or ⌘ K.

import { openDialog } from "../dialogs.js"
import { icon } from "../icon.js"
import { ascii, t } from "../i18n.js"

const PHONE = /^(\+|0)?[\d\s-]{8,15}$/, CODE = /^[0-9a-z]{4}[\s-]?[0-9a-z]{4}[\s-]?[0-9a-z*~$=]$/i

export default class Palette {
  #chosen = 0

  constructor(element) {
    this.element = element
    this.input = element.querySelector("input")
    this.list = element.querySelector("[role=listbox]")
    this.input.addEventListener("input", () => this.#offer())
    this.input.addEventListener("keydown", (event) => this.#key(event))
    this.list.addEventListener("click", (event) => this.#go(event.target.closest("[role=option]")))
    element.addEventListener("dialog:open", () => this.#offer())
    element.addEventListener("close", () => { this.input.value = "" })
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== "KeyK") return
      event.preventDefault()
      openDialog(element)
    })
  }

  /** What the words may mean: first a code or number, then pages by name. */
  #offer() {
    const words = this.input.value.trim(), plain = ascii(words)
    const [sign, key] = meaning(plain), url = `/go?q=${encodeURIComponent(plain)}`
    const first = words ? [{ icon: sign, text: t(key, { text: words }), url }] : []
    const pages = this.#pages(words.toLowerCase())
    this.list.replaceChildren(...[...first, ...pages].map((entry, index) => this.#option(entry, index)))
    this.#choose(first.length && pages.length && key === "search_for" ? 1 : 0)
  }

  #pages(words) {
    const links = [...document.querySelectorAll(".side a.nav"), ...document.querySelectorAll(".sub-nav a")]
    return links.map((link) => ({ icon: link.querySelector("use")?.getAttribute("href").split("#")[1] ?? "next",
      text: (link.querySelector("span") ?? link).textContent.trim(), url: link.href }))
      .filter(({ text }) => text.toLowerCase().includes(words))
      .sort((a, b) => b.text.toLowerCase().startsWith(words) - a.text.toLowerCase().startsWith(words)).slice(0, 12)
  }

  #option({ icon: name, text, url }, index) {
    const option = document.createElement("div")
    option.append(icon(name), Object.assign(document.createElement("span"), { className: "clip", textContent: text }))
    option.setAttribute("role", "option")
    Object.assign(option, { id: `palette-${index}` }).dataset.url = url
    return option
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = this.list.children.length
    if (step && count) {
      event.preventDefault()
      this.#choose((this.#chosen + step + count) % count)
    }
    if (event.key === "Enter" && count) {
      event.preventDefault()
      this.#go(this.list.children[this.#chosen])
    }
  }

  #choose(index) {
    this.#chosen = index
    for (const [at, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", at === index)
    this.input.setAttribute("aria-activedescendant", `palette-${index}`)
    this.list.children[index]?.scrollIntoView({ block: "nearest" })
  }

  #go(option) { if (option) location.assign(option.dataset.url) }
}

function meaning(words) {
  if (CODE.test(words)) return ["board", "go_to_code"]
  return PHONE.test(words) ? ["phone", "go_to_phone"] : ["search", "search_for"]
}
