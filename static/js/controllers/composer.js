// static/js/controllers/composer.js: writing on a card, as a note or as a reply. What is typed is kept in this tab until
// it is sent, each way of writing by itself; a reply waits when somebody else wrote meanwhile.

import { post } from "../http.js"
import { t } from "../i18n.js"
import { say, toast } from "../say.js"
import { newOpId } from "./board/moves.js"

export default class Composer {
  constructor(element) {
    this.element = element
    this.code = element.dataset.code
    this.forms = [...element.querySelectorAll("form[data-mode]")]
    for (const form of this.forms) this.#prepare(form)
    const modes = element.querySelector(".modes"), write = (mode) => this.#text(this.#form(mode)).focus()
    modes.addEventListener("change", ({ target }) => write(target.value))
    // A letter may press the label of what is chosen already: that means "write" too.
    modes.addEventListener("click", (event) => {
      const chosen = event.target.closest("label")?.querySelector("input:checked")
      if (!chosen || event.target === chosen) return
      event.preventDefault()
      write(chosen.value)
    })
    this.refreshed = ({ detail }) => this.#saw(detail.lastEntry)
    document.addEventListener("card:refreshed", this.refreshed)
  }

  disconnect() { document.removeEventListener("card:refreshed", this.refreshed) }

  #prepare(form) {
    const text = this.#text(form), kept = sessionStorage.getItem(this.#key(form))
    form.op_id.value ||= newOpId()
    if (kept && !text.value) text.value = kept
    text.addEventListener("input", () => this.#keep(form))
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return
      event.preventDefault()
      form.requestSubmit(form.querySelector(".tools [type=submit]"))
    })
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#send(form, event.submitter)
    })
    form.querySelector("[data-dismiss]")?.addEventListener("click", () => {
      form.querySelector("[data-stale]").hidden = true
      text.focus()
    })
  }

  async #send(form, submitter) {
    if (form.ariaBusy === "true") return
    const button = form.querySelector(".tools [type=submit]")
    for (const part of [form, button]) part.setAttribute("aria-busy", "true")
    const answer = await post(form.action, new FormData(form, submitter))
    for (const part of [form, button]) part.removeAttribute("aria-busy")
    this.#complain(form, "")
    if (answer.ok) this.#sent(form)
    else if (answer.data?.code === "stale") this.#hold(form, answer.data)
    else this.#refused(form, answer)
  }

  #sent(form) {
    sessionStorage.removeItem(this.#key(form))
    form.reset()
    Object.assign(this.#text(form), { value: "", defaultValue: "" })
    form.op_id.value = newOpId()
    form.querySelector("[data-mentions]")?.replaceChildren()
    const stale = form.querySelector("[data-stale]")
    if (stale) stale.hidden = true
    this.#note(form, "")
    this.#text(form).dispatchEvent(new Event("input"))
    this.#text(form).focus()
    say(t(form.dataset.mode === "note" ? "card.noted" : "card.replied"))
    document.dispatchEvent(new CustomEvent("card:changed"))
  }

  /** Somebody wrote meanwhile: shows what, and leaves the decision. */
  #hold(form, { detail, missed, last_entry_id }) {
    const box = form.querySelector("[data-stale]")
    box.querySelector("[data-sentence]").textContent = detail
    box.querySelector("[data-missed]").innerHTML = missed
    for (const copy of box.querySelectorAll("[id]")) copy.removeAttribute("id")
    box.hidden = false
    form.last_seen_entry_id.value = last_entry_id
    box.querySelector("button").focus()
    document.dispatchEvent(new CustomEvent("card:changed"))
  }

  #refused(form, { status, data }) {
    const sentence = data?.fields?.body ?? data?.fields?.files ?? data?.detail ?? t("failed")
    if (status === 422) this.#complain(form, sentence)
    else toast(sentence, { kind: "error" })
  }

  #complain(form, sentence) {
    for (const error of form.querySelectorAll(".error")) error.remove()
    this.#text(form).toggleAttribute("aria-invalid", Boolean(sentence))
    if (!sentence) return
    const error = Object.assign(document.createElement("p"), { className: "error", textContent: sentence })
    error.setAttribute("role", "alert")
    this.#text(form).setAttribute("aria-invalid", "true")
    form.querySelector(".tools").before(error)
    this.#text(form).focus()
  }

  #keep(form) {
    const { value } = this.#text(form)
    if (value) sessionStorage.setItem(this.#key(form), value)
    else sessionStorage.removeItem(this.#key(form))
    this.#note(form, value ? t("card.kept") : "")
    if (value) document.dispatchEvent(new CustomEvent("card:typing"))
  }

  /** What came while nothing was being written is seen; what came later holds the reply back once. */
  #saw(lastEntry) {
    const form = this.#form("reply")
    if (form && !this.#text(form).value && !document.hidden) form.last_seen_entry_id.value = lastEntry
  }

  #note(form, text) { form.querySelector("[data-draft]").textContent = text }

  #key(form) { return `draft:${this.code}:${form.dataset.mode}` }

  #text(form) { return form.querySelector("textarea") }

  #form(mode) { return this.forms.find((form) => form.dataset.mode === mode) }
}
