// static/js/dialogs.js: native dialogs by attribute. data-opens="<id>" opens one, data-closes closes the one around it,
// a click on the backdrop closes too. A dialog with data-src fetches its inside when it is first opened.

import htmx from "htmx.org"
import { fragment } from "./http.js"
import { t } from "./i18n.js"
import { toast } from "./say.js"

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]")
    if (opener) return openDialog(document.getElementById(opener.dataset.opens), opener)
    const dialog = event.target.closest("dialog")
    if (dialog && (event.target.closest("[data-closes]") || isOutside(event, dialog))) dialog.close()
  })
  document.addEventListener("dialog:close", (event) => event.target.closest("dialog")?.close())
}

/** Opens a dialog; `opener` is handed on in its event "dialog:open". */
export async function openDialog(dialog, opener = null) {
  if (!dialog || dialog.open) return
  document.querySelector(".menu:popover-open")?.hidePopover()
  dialog.showModal()
  dialog.dispatchEvent(new CustomEvent("dialog:open", { detail: { opener } }))
  if (dialog.dataset.src && !dialog.querySelector(".dialog-slot")) await fill(dialog, dialog.dataset.src)
}

/** A dialog for the piece of a page at `url`, which brings its own head; it is gone when it is closed. */
export async function openUrl(url, cls = "") {
  const answer = await fragment(url)
  if (!answer.ok) return toast(answer.data?.detail ?? t("failed"), { kind: "error" })
  const dialog = Object.assign(document.createElement("dialog"), { className: `dialog ${cls}` })
  dialog.append(slot(answer.text))
  document.body.append(dialog)
  htmx.process(dialog)
  dialog.addEventListener("close", () => dialog.remove())
  openDialog(dialog)
  return dialog
}

async function fill(dialog, url) {
  const answer = await fragment(url)
  if (!answer.ok) {
    dialog.close()
    return toast(answer.data?.detail ?? t("failed"), { kind: "error" })
  }
  const inside = slot(answer.text)
  dialog.append(inside)
  htmx.process(inside)
  inside.querySelector("[autofocus], input:not([type=hidden]), textarea, select")?.focus()
}

function slot(html) {
  const element = Object.assign(document.createElement("div"), { className: "dialog-slot" })
  element.innerHTML = html
  return element
}

/** Whether the click began and ended on the backdrop: selecting text out of the dialog closes nothing. */
function isOutside({ target, clientX: x, clientY: y, detail }, dialog) {
  if (target !== dialog || !detail) return false
  const { left, right, top, bottom } = dialog.getBoundingClientRect()
  return x < left || x > right || y < top || y > bottom
}
