// static/js/controllers/passkey.js: a form's button asks a passkey of this device and sends what it answers.
// data-questions: where the question is asked for; data-makes: a new passkey is made instead of asking one.

import { post } from "../http.js"
import { t } from "../i18n.js"
import { toast } from "../say.js"

export default class Passkey {
  constructor(form) {
    this.form = form
    this.button = form.querySelector("[data-passkey]")
    if (!this.button || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) return
    this.button.hidden = false
    form.querySelector("[data-no-passkey]")?.remove()
    this.button.addEventListener("click", (event) => {
      event.preventDefault()
      if (form.checkValidity()) this.ask()
    })
  }

  async ask() {
    const question = await post(this.form.dataset.questions, new FormData())
    if (question.data?.code === "reauthenticate") return location.assign(question.data.url)
    if (!question.ok) return toast(question.data?.detail || t("failed"), { kind: "error" })
    this.button.disabled = true
    const answer = await this.credential(question.data)
    this.button.disabled = false
    if (!answer) return
    this.form.querySelector("[data-passkey-answer]").value = JSON.stringify(answer.toJSON())
    this.form.submit()
  }

  async credential(options) {
    try {
      if ("makes" in this.form.dataset) {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
        return await navigator.credentials.create({ publicKey })
      }
      return await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
    } catch (error) {
      const isKnown = error.name === "InvalidStateError"
      toast(t(isKnown ? "passkey.known" : "passkey.stopped"), { kind: "error" })
      return null
    }
  }
}
