// static/js/controllers/theme.js: light, dark or as the system says, at once; the server remembers it.

import { post } from "../http.js"

export default class Theme {
  constructor(form) {
    form.addEventListener("submit", (event) => {
      if (!event.submitter) return
      event.preventDefault()
      this.#choose(form, event.submitter)
    })
  }

  #choose(form, button) {
    const root = document.documentElement, theme = button.value
    if (theme === "system") delete root.dataset.theme
    else root.dataset.theme = theme
    for (const other of form.querySelectorAll("button")) other.setAttribute("aria-pressed", other === button)
    post(form.action, new FormData(form, button))
  }
}
