// static/js/controllers/rename.js: a title that becomes a field by its pencil; Escape leaves it as it was.

export default class Rename {
  constructor(form) {
    this.form = form
    this.shown = form.querySelectorAll("[data-shown], [data-edit]")
    this.field = form.querySelector("[data-field]")
    this.input = this.field.querySelector("input")
    form.querySelector("[data-edit]").addEventListener("click", () => this.#open(true))
    form.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave())
    form.addEventListener("card:done", () => this.#open(false))
  }

  #open(isOpen) {
    for (const part of this.shown) part.hidden = isOpen
    this.field.hidden = !isOpen
    if (isOpen) this.input.select()
    else this.form.querySelector("[data-edit]").focus()
  }

  #leave() {
    if (this.field.hidden) return
    this.form.reset()
    this.#open(false)
  }
}
