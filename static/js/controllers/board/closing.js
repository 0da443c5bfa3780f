// static/js/controllers/board/closing.js: the form that a closing stage asks for, in a dialog over the board.

import { openUrl } from "../../dialogs.js"
import { send } from "../../http.js"
import { toast } from "../../say.js"

const ACCEPT = "text/html, application/json;q=0.9"

/**
 * Shows the form of `url` and posts it together with `fields` until the server takes it; a refused form comes back with
 * what was typed. Promises the answer that ends it, or null when the person leaves the dialog.
 */
export async function ask(url, fields) {
  const dialog = await openUrl(url)
  return dialog && new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(null))
    dialog.addEventListener("submit", async (event) => {
      if (event.submitter?.formMethod === "dialog") return
      event.preventDefault()
      event.stopPropagation() // it is ours alone: the board knows the place that the answer is about
      const answer = await submit(event, fields)
      if (answer.status === 422 && answer.text) return fill(dialog, answer.text)
      if (!answer.status) return toast(answer.data.detail, { kind: "error" })
      resolve(answer)
      dialog.close()
    }, { capture: true })
  })
}

async function submit({ target: form, submitter }, fields) {
  const body = new FormData(form, submitter)
  for (const [name, value] of Object.entries(fields)) if (value !== null) body.set(name, value)
  if (submitter) submitter.disabled = true
  const answer = await send(form.action, { method: "POST", body, accept: ACCEPT, headers: { "HX-Request": "true" } })
  if (submitter) submitter.disabled = false
  return answer
}

function fill(dialog, html) {
  const slot = dialog.querySelector(".dialog-slot")
  slot.innerHTML = html
  slot.querySelector("[aria-invalid=true]")?.focus()
}
