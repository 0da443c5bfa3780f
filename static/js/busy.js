// static/js/busy.js: a form that was sent is not sent again by a second click; its button says that it is under way.

const LONGEST_MS = 12_000 // an answer that is a download leaves the page where it is

export function watchForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target
    if (event.defaultPrevented || form.method !== "post") return
    if (form.dataset.busy !== undefined) return event.preventDefault()
    mark(form, event.submitter)
  })
  // The browser may bring the page back as it was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-busy]")) free(form)
  })
}

function mark(form, button) {
  form.dataset.busy = ""
  button?.setAttribute("aria-busy", "true")
  form.dispatchEvent(new CustomEvent("form:busy"))
  setTimeout(() => free(form), LONGEST_MS)
}

function free(form) {
  delete form.dataset.busy
  form.querySelector("[aria-busy]")?.removeAttribute("aria-busy")
}
