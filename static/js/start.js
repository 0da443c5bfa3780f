// static/js/start.js: what the pages of both sides begin with: htmx, controllers, dialogs, forms, times that stay right.

import "htmx.org"
import { keepTimes } from "./ago.js"
import { watchForms } from "./busy.js"
import { Controllers } from "./controllers.js"
import { watchDialogs } from "./dialogs.js"
import { t } from "./i18n.js"
import { toast } from "./say.js"

export function start(known) {
  new Controllers(known).start()
  watchDialogs()
  watchForms()
  watchRequests()
  keepTimes()
}

/** A refusal for a piece of a page is said, not swapped in: what was typed stays where it is. */
function watchRequests() {
  document.addEventListener("htmx:after:request", (event) => {
    const { response, text } = event.detail.ctx
    if (response.status === 401) document.dispatchEvent(new CustomEvent("kariz:signed-out"))
    if (response.status < 400) return
    const problem = sentence(text)
    if (response.status === 422 && !problem) return // the form comes back with its sentences
    event.preventDefault()
    toast(problem || t("failed"), { kind: "error" })
  })
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && !event.detail.ctx.response) toast(t("offline"), { kind: "error" })
  })
}

function sentence(html) {
  if (!html?.includes("data-problem")) return ""
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content.querySelector("[data-problem]")?.textContent.trim() ?? ""
}
