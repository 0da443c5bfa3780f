// static/js/controllers/week.js: a day of a week is filled like the day before, and typing a time opens the day.

export default class Week {
  constructor(element) {
    this.element = element
    for (const button of element.querySelectorAll("[data-same]")) {
      button.hidden = false
      button.addEventListener("click", () => this.copy(button))
    }
    element.addEventListener("input", ({ target }) => {
      if (target.matches("input.input") && target.value.trim()) this.#box(target.closest(".spans")).checked = true
    })
  }

  copy(button) {
    const here = button.previousElementSibling
    const all = [...this.element.querySelectorAll(".spans")], before = all[all.indexOf(here) - 1]
    const from = before.querySelectorAll("input")
    here.querySelectorAll("input").forEach((input, index) => { input.value = from[index].value })
    this.#box(here).checked = this.#box(before).checked
    here.querySelector("input").focus()
  }

  #box(spans) { return spans.previousElementSibling.querySelector("input") }
}
