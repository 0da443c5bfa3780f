// static/js/controllers/sample.js: a sentence shows at once what the chosen language, calendar and digits look like,
// and the page the chosen theme; saving keeps them.

const value = (form, name) => form.querySelector(`[name="${name}"]:checked`)?.value

export default class Sample {
  constructor(form) {
    form.addEventListener("change", () => {
      this.#write(form)
      this.#paint(value(form, "theme"))
    })
  }

  #write(form) {
    const key = ["locale", "calendar", "digits"].map((name) => value(form, name)).join("-")
    for (const line of form.querySelectorAll("[data-sample]")) line.hidden = line.dataset.sample !== key
  }

  #paint(theme) {
    const root = document.documentElement
    if (theme === "light" || theme === "dark") root.dataset.theme = theme
    else delete root.dataset.theme
  }
}
