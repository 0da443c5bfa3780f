// static/js/controllers/upload.js: files for a form: chosen, dropped or pasted; shown as chips, checked for size.

import { fileChip } from "../file_chip.js"
import { fileSize, number, t } from "../i18n.js"
import { say, toast } from "../say.js"

export default class Upload {
  #files = new DataTransfer()

  constructor(element) {
    this.element = element
    this.input = element.querySelector("input[type=file]")
    this.chips = element.querySelector("[data-chips]")
    const { limitCount = 10, limitBytes = 25 * 2 ** 20 } = element.dataset
    this.limits = { count: Number(limitCount), bytes: Number(limitBytes) }
    const ground = element.closest("[data-drop]") ?? element.querySelector(".drop") ?? element
    this.input.addEventListener("change", () => this.add(this.input.files))
    ground.addEventListener("dragover", (event) => this.#over(event, ground, true))
    ground.addEventListener("dragleave", (event) => this.#over(event, ground, false))
    ground.addEventListener("drop", (event) => {
      this.#over(event, ground, false)
      this.add(event.dataTransfer.files)
    })
    this.#watch(element.closest("form"))
  }

  #watch(form) {
    form?.addEventListener("paste", (event) => event.clipboardData.files.length && this.add(event.clipboardData.files))
    form?.addEventListener("reset", () => this.clear())
    for (const name of ["form:busy", "htmx:before:request"]) form?.addEventListener(name, () => this.#send(true))
    form?.addEventListener("htmx:finally:request", () => this.#send(false))
  }

  /** How far a file is, no browser tells for a form; that it is on its way, it can be told. */
  #send(isUnderWay) {
    for (const chip of this.chips.children) {
      chip.querySelector("progress")?.remove()
      if (isUnderWay) chip.append(document.createElement("progress"))
      chip.querySelector("progress")?.setAttribute("aria-label", chip.querySelector(".name").textContent)
    }
  }

  add(files) {
    for (const file of files) {
      if (this.#files.items.length >= this.limits.count) {
        toast(t("too_many", { count: number(this.limits.count) }), { kind: "error" })
        break
      }
      if (file.size > this.limits.bytes) {
        toast(t("too_large", { name: file.name, size: fileSize(this.limits.bytes) }), { kind: "error" })
      } else if (!this.#has(file)) this.#files.items.add(file)
    }
    this.#show()
  }

  #has({ name, size }) { return [...this.#files.files].some((known) => known.name === name && known.size === size) }

  clear() {
    this.#files = new DataTransfer()
    this.#show()
  }

  #over(event, ground, isOver) {
    if (!event.dataTransfer.types.includes("Files")) return
    event.preventDefault()
    ground.classList.toggle("over", isOver)
  }

  #show() {
    this.input.files = this.#files.files
    const chips = [...this.#files.files].map((file, index) => fileChip(file, () => this.#remove(index, file.name)))
    this.chips.replaceChildren(...chips)
    const detail = { count: this.#files.files.length }
    this.element.dispatchEvent(new CustomEvent("upload:change", { bubbles: true, detail }))
  }

  #remove(index, name) {
    this.#files.items.remove(index)
    this.#show()
    this.input.focus()
    say(t("removed", { name }))
  }
}
