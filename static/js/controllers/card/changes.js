// static/js/controllers/card/changes.js: forms of the card that change one thing are sent without leaving the page.

import { t } from "../../i18n.js"
import { say, toast } from "../../say.js"
import { ask } from "../board/closing.js"
import { newOpId } from "../board/moves.js"

export class Changes {
  constructor(page, { post }) {
    Object.assign(this, { page, post })
    const ground = page.element
    ground.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-live]")) return
      event.preventDefault()
      this.#send(event.target, event.submitter)
    })
    ground.addEventListener("click", (event) => {
      const link = event.target.closest("[data-closure]")
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      this.#close(link.href, {})
    })
  }

  async #send(form, submitter) {
    const body = new FormData(form, submitter), isMove = "moves" in form.dataset
    if (isMove) body.set("op_id", newOpId())
    const answer = await this.post(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action, body)
    if (answer.data?.code === "closing_form") return this.#close(answer.data.form_url, Object.fromEntries(body))
    form.closest("[popover]:popover-open")?.hidePopover()
    if (answer.ok) this.#done(form, submitter)
    else toast(answer.data?.detail ?? t("failed"), { kind: "error" })
    if (answer.ok || answer.status === 409) this.page.refresh()
  }

  #done(form, submitter) {
    const entry = submitter?.closest("[data-entry]")
    if (entry) this.page.talk.renew(Number(entry.dataset.entry))
    form.dispatchEvent(new CustomEvent("card:done", { bubbles: true }))
    say(t("card.saved"))
  }

  async #close(url, { csrf_token: _token, ...fields }) {
    const answer = await ask(url, { op_id: newOpId(), ...fields })
    if (answer) this.page.refresh()
  }
}
