// static/js/controllers/search.js: the field in the top bar. It offers what is meant while one types: pages by name,
// then what the server finds, group by group. Without a choice Enter goes to a code's card, else to the results.

import { get } from "../http.js"
import { icon } from "../icon.js"
import { t } from "../i18n.js"
import { Recent } from "../models/recent.js"
import { say } from "../say.js"

const PAUSE = 160, MOST_PAGES = 4

export default class Search {
  #options = []
  #at = -1
  #timer = 0
  #asked = null

  constructor(element) {
    this.element = element
    this.input = element.querySelector("[role=combobox]")
    this.list = element.querySelector("[role=listbox]")
    this.recent = new Recent(localStorage, `kariz.searches.${document.body.dataset.user}`)
    this.input.addEventListener("focus", () => this.#typed(0))
    this.input.addEventListener("input", () => this.#typed(PAUSE))
    this.input.addEventListener("keydown", (event) => this.#key(event))
    element.addEventListener("focusout", ({ relatedTarget }) => element.contains(relatedTarget) || this.#close())
    element.addEventListener("submit", () => this.recent.add(this.#text))
    element.querySelector("[data-back]").addEventListener("click", () => this.#leave())
    // The field keeps the focus, so that a click comes before the list closes.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault())
    this.list.addEventListener("click", (event) => this.#clicked(event))
    this.hotkey = (event) => this.#called(event)
    document.addEventListener("keydown", this.hotkey)
    // Somebody was quicker than the script.
    if (document.activeElement === this.input) this.#typed(0)
  }

  disconnect() { document.removeEventListener("keydown", this.hotkey) }

  get #text() { return this.input.value.trim() }

  #called(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== "KeyK") return
    if (document.querySelector("dialog[open]")) return
    event.preventDefault()
    this.input.focus()
    this.input.select()
  }

  #typed(pause) {
    clearTimeout(this.#timer)
    this.#asked?.abort()
    if (this.#text.length < 2) return this.#show({ groups: [] })
    this.element.setAttribute("aria-busy", "true")
    this.#timer = setTimeout(() => this.#ask(this.#text), pause)
  }

  async #ask(text) {
    this.#asked = new AbortController()
    const url = `${this.element.dataset.url}?q=${encodeURIComponent(text)}`
    const answer = await get(url, { signal: this.#asked.signal })
    if (answer.aborted || text !== this.#text || !this.element.contains(document.activeElement)) return
    this.#show(answer.ok ? answer.data : { groups: [], trouble: answer.data?.message ?? t("failed") })
  }

  #show({ groups, said = "", trouble = "" }) {
    const text = this.#text, isAsked = text.length > 1, pages = isAsked ? this.#pages(text) : []
    this.element.removeAttribute("aria-busy")
    this.#options = []
    this.list.replaceChildren()
    if (!isAsked) this.#group(t("search.recent"), this.recent.all.map((words) => ({ words, text: words, icon: "history" })))
    if (pages.length) this.#group(t("search.pages"), pages)
    if (said && groups.length) this.#sentence(t("search.said", { text: said }))
    for (const group of groups) this.#group(group.label, group.items)
    if (trouble) this.#sentence(trouble)
    else if (isAsked && !groups.length && !pages.length) this.#sentence(t("search.none", { text }))
    const all = { url: `/search?q=${encodeURIComponent(text)}`, text: t("search.all", { text }), icon: "search" }
    if (isAsked) this.#group("", [all])
    else if (this.#options.length) this.#clearer()
    this.#open(this.list.childElementCount > 0)
    this.#mark(-1)
    const found = groups.reduce((sum, { items }) => sum + items.length, 0)
    if (isAsked) say(trouble || t(found ? "search.found" : "search.none", { count: found, text }))
  }

  #pages(text) {
    const words = text.toLowerCase(), links = [...document.querySelectorAll(".side a.nav, .sub-nav a")]
    return links.map((link) => ({ icon: link.querySelector("use")?.getAttribute("href").split("#")[1] ?? "next",
      text: (link.querySelector("span") ?? link).textContent.trim(), url: link.href }))
      .filter((page) => page.text.toLowerCase().includes(words)).slice(0, MOST_PAGES)
  }

  #group(label, items) {
    if (!items.length) return
    const group = element("div", "", { role: "group" })
    if (label) {
      group.append(element("p", "search-label", { id: `${this.list.id}-g${this.#options.length}` }, label))
      group.setAttribute("aria-labelledby", group.firstChild.id)
    }
    group.append(...items.map((item) => this.#option(item)))
    this.list.append(group)
  }

  #option(item) {
    const option = element("div", "search-option", { role: "option", "aria-selected": "false" })
    const lines = element("div", "search-lines"), first = element("p", "")
    const title = element("bdi", "clip")
    if (item.title) title.innerHTML = item.title // escaped by the server, words in <mark>
    else title.textContent = item.text
    first.append(title)
    if (item.code) first.append(element("bdi", "code", {}, item.code))
    if (item.state) first.append(element("span", "state", {}, item.state))
    lines.append(first)
    if (item.title && item.details) lines.append(element("small", "clip", { dir: "auto" }, item.details))
    if (item.title && item.text) {
      const text = element("small", item.inside ? "clip inside" : "clip", { dir: "auto" })
      text.innerHTML = item.text
      lines.append(text)
    }
    option.append(icon(item.icon), lines)
    option.id = `${this.list.id}-${this.#options.length}`
    this.#options.push({ option, item })
    return option
  }

  #sentence(text) { this.list.append(element("p", "search-note", {}, text)) }

  #clearer() {
    const button = element("button", "link small", { type: "button", tabindex: "-1" }, t("search.clear"))
    button.dataset.clears = ""
    this.list.append(button)
  }

  #open(isOpen) {
    this.list.hidden = !isOpen
    this.input.setAttribute("aria-expanded", String(isOpen))
    this.element.classList.add("open")
  }

  #mark(index) {
    this.#at = index
    for (const [place, { option }] of this.#options.entries()) option.setAttribute("aria-selected", String(place === index))
    if (index < 0) return this.input.removeAttribute("aria-activedescendant")
    this.input.setAttribute("aria-activedescendant", this.#options[index].option.id)
    this.#options[index].option.scrollIntoView({ block: "nearest" })
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = this.#options.length
    if (event.isComposing) return
    if (step && count && !this.list.hidden) {
      event.preventDefault()
      // One place more than options: none, where Enter searches for what is typed.
      this.#mark(((this.#at + 1 + step + count + 1) % (count + 1)) - 1)
    } else if (event.key === "Enter" && this.#at >= 0) {
      event.preventDefault()
      this.#take(this.#options[this.#at].item)
    } else if (event.key === "Escape") {
      event.preventDefault()
      if (this.input.value) {
        this.input.value = ""
        this.#typed(0)
      } else this.#leave()
    }
  }

  #clicked({ target, ctrlKey, metaKey }) {
    if (target.closest("[data-clears]")) {
      this.recent.clear()
      return this.#show({ groups: [] })
    }
    const chosen = this.#options.find(({ option }) => option.contains(target))
    if (chosen) this.#take(chosen.item, ctrlKey || metaKey)
  }

  #take({ url, words }, isApart = false) {
    if (words) {
      this.input.value = words
      return this.#typed(0)
    }
    this.recent.add(this.#text)
    if (isApart) return window.open(url, "_blank", "noopener")
    const here = location.pathname + location.search
    location.assign(url)
    if (new URL(url, location).pathname + new URL(url, location).search === here) location.reload()
  }

  #leave() {
    this.input.blur()
    this.#close()
  }

  #close() {
    clearTimeout(this.#timer)
    this.#asked?.abort()
    this.element.removeAttribute("aria-busy")
    this.element.classList.remove("open")
    this.list.hidden = true
    this.input.setAttribute("aria-expanded", "false")
    this.input.removeAttribute("aria-activedescendant")
  }
}

function element(tag, className, attributes = {}, text = "") {
  const made = Object.assign(document.createElement(tag), { className, textContent: text })
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}
