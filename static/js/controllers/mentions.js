// static/js/controllers/mentions.js: an @ in an internal note offers colleagues who reach the board. The chosen ones go
// along as ids in hidden fields; who is deleted from the text is deleted there too.

import { avatar } from "../avatar.js"
import { get } from "../http.js"
import { t } from "../i18n.js"
import { say } from "../say.js"
import { complete, mentionAt, stillNamed } from "../models/mentions.js"

const PAUSE = 120

export default class Mentions {
  #chosen = []
  #offered = []
  #at = 0
  #timer = null
  #asked = null

  constructor(element) {
    this.text = element.querySelector("[data-mentionable]")
    if (!this.text) return
    this.url = `${element.dataset.url}/colleagues`
    this.list = element.querySelector("[data-suggest]")
    this.fields = element.querySelector("[data-mentions]")
    this.text.addEventListener("input", () => this.#typed())
    this.text.addEventListener("keydown", (event) => this.#key(event), { capture: true })
    this.text.addEventListener("blur", () => this.#close())
    this.list.addEventListener("pointerdown", (event) => event.preventDefault())
    this.list.addEventListener("click", ({ target }) => {
      this.#take([...this.list.children].indexOf(target.closest("[role=option]")))
    })
    element.querySelector("[data-at]")?.addEventListener("click", () => this.#begin())
    // Whoever writes before this is loaded has typed the name already.
    if (document.activeElement === this.text) this.#typed()
  }

  get #mention() { return mentionAt(this.text.value, this.text.selectionStart) }

  #begin() {
    const { text } = this, { selectionStart: at, value } = text
    text.focus()
    text.setRangeText(at && !/\s$/.test(value.slice(0, at)) ? " @" : "@", at, text.selectionEnd, "end")
    text.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #typed() {
    this.#chosen = stillNamed(this.text.value, this.#chosen)
    this.#fill()
    clearTimeout(this.#timer)
    if (this.#mention) this.#timer = setTimeout(() => this.#ask(), PAUSE)
    else this.#close()
  }

  async #ask() {
    const mention = this.#mention
    if (!mention) return this.#close()
    this.#asked?.abort()
    this.#asked = new AbortController()
    const answer = await get(`${this.url}?q=${encodeURIComponent(mention.query)}`, { signal: this.#asked.signal })
    if (answer.ok && this.#mention?.start === mention.start) this.#offer(answer.data.colleagues)
  }

  #offer(colleagues) {
    if (!colleagues.length) return this.#close()
    this.#offered = colleagues
    this.list.replaceChildren(...colleagues.map((colleague, index) => option(colleague, `colleague-${index}`)))
    this.list.hidden = false
    this.#mark(0)
    say(t("choices", { count: colleagues.length }))
  }

  #mark(index) {
    this.#at = index
    const items = [...this.list.children]
    for (const [place, item] of items.entries()) item.setAttribute("aria-selected", String(place === index))
    this.text.setAttribute("aria-activedescendant", this.list.children[index].id)
    this.list.children[index].scrollIntoView({ block: "nearest" })
  }

  #key(event) {
    if (this.list.hidden || event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = this.#offered.length
    if (step) this.#mark((this.#at + step + count) % count)
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") this.#take(this.#at)
    else if (event.key === "Escape") this.#close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #take(index) {
    const person = this.#offered[index], mention = this.#mention
    if (!person || !mention) return
    const { start } = mention, caret = this.text.selectionStart
    const done = complete(this.text.value, { start, caret, name: person.name })
    this.text.value = done.text
    this.text.setSelectionRange(done.caret, done.caret)
    if (!this.#chosen.some(({ id }) => id === person.id)) this.#chosen.push(person)
    this.#close()
    this.text.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #fill() {
    const hidden = (value) => Object.assign(document.createElement("input"), { type: "hidden", name: "mentions", value })
    this.fields.replaceChildren(...this.#chosen.map(({ id }) => hidden(id)))
  }

  #close() {
    clearTimeout(this.#timer)
    this.#asked?.abort()
    this.list.hidden = true
    this.text.removeAttribute("aria-activedescendant")
  }
}

function option({ name, ...shown }, id) {
  const item = document.createElement("div")
  item.append(avatar(shown, "sm"), Object.assign(document.createElement("bdi"), { textContent: name }))
  item.id = id
  item.setAttribute("role", "option")
  return item
}
