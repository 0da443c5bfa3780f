// static/js/controllers/card/talk.js: the conversation: new entries at its end, older ones at its beginning, one anew.

import { t } from "../../i18n.js"
import { toast } from "../../say.js"

const NEAR = 80

export class Talk {
  constructor(page, { get }) {
    Object.assign(this, { page, get, list: page.element.querySelector("[data-items]") })
    page.element.querySelector("[data-older]").addEventListener("click", (event) => {
      const link = event.target.closest("[data-before]")
      if (!link) return
      event.preventDefault()
      this.#before(link)
    })
    if (!page.isPast) this.#toEnd()
  }

  /** Adds what came; who reads further up is told and not moved. */
  add(html, { isNew }) {
    const wasAtEnd = this.#isAtEnd(), isHere = ({ id, dataset: { day } }) => day
      ? this.list.querySelector(`[data-day="${day}"]`) : id && document.getElementById(id)
    const fresh = pieces(html).filter((piece) => !isHere(piece))
    if (!fresh.length) return
    this.list.append(...fresh)
    if (wasAtEnd) this.#toEnd()
    else if (isNew) toast(t("card.fresh"), { action: { label: t("card.show"), run: () => this.#toEnd() } })
  }

  /** Draws one entry anew. */
  async renew(entry) {
    const old = document.getElementById(`entry-${entry}`)
    const answer = old && await this.get(`${this.page.url}/entries?only=${entry}`)
    const piece = answer?.ok && pieces(answer.data.html)[0]
    if (piece) old.replaceWith(piece)
  }

  async #before(link) {
    const { scroller } = this, end = scroller.scrollHeight - scroller.scrollTop
    link.setAttribute("aria-busy", "true")
    const answer = await this.get(`${this.page.url}/entries?before=${link.dataset.before}`)
    link.removeAttribute("aria-busy")
    if (!answer.ok) return toast(answer.data?.detail ?? t("failed"), { kind: "error" })
    const { html, older } = answer.data, added = pieces(html), first = this.list.querySelector("[data-day]")
    if (added.some(({ dataset }) => dataset.day && dataset.day === first?.dataset.day)) first.remove()
    this.list.prepend(...added)
    if (older) link.dataset.before = older
    else link.remove()
    if (this.#grows) scroller.scrollTop = scroller.scrollHeight - end
    this.list.querySelector("[data-entry]")?.setAttribute("tabindex", "-1")
    this.list.querySelector("[data-entry]")?.focus({ preventScroll: true })
  }

  /** Where the conversation scrolls: in its pane on a desk, with the whole page in the hand. */
  get scroller() {
    const thread = this.list.closest(".thread")
    return getComputedStyle(thread).overflowY === "visible" ? this.page.element : thread
  }

  /** Whether the scroller counts from its beginning. A reversed column counts from its end and keeps its place. */
  get #grows() { return getComputedStyle(this.scroller).flexDirection !== "column-reverse" }

  #isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller
    return this.#grows ? scrollHeight - clientHeight - scrollTop < NEAR : Math.abs(scrollTop) < NEAR
  }

  #toEnd() {
    const { scroller } = this
    if (scroller.classList.contains("thread")) scroller.scrollTop = this.#grows ? scroller.scrollHeight : 0
    else if (this.list.lastElementChild) this.list.lastElementChild.scrollIntoView({ block: "end" })
  }
}

function pieces(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return [...template.content.children]
}
