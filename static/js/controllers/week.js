// static/js/controllers/week.js: a day of a week is filled like the day before, and typing a time opens the day.

export default class Week {
  constructor(element) {
    for (const button of element.querySelectorAll("[data-same]")) {
      button.hidden = false
      button.addEventListener("click", () => this.copy(button.closest(".week-day")))
    }
    element.addEventListener("input", ({ target }) => {
      if (target.matches(".spans input") && target.value.trim()) this.#box(target.closest(".week-day")).checked = true
    })
  }

  copy(day) {
    const before = day.previousElementSibling, from = before.querySelectorAll(".spans input")
    day.querySelectorAll(".spans input").forEach((input, index) => { input.value = from[index].value })
    this.#box(day).checked = this.#box(before).checked
    day.querySelector(".spans input").focus()
  }

  #box(day) { return day.querySelector("[type=checkbox]") }
}
