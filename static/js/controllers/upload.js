// static/js/controllers/upload.js: files for a form: chosen, dropped or pasted; shown as chips, removable, checked for size.

import { icon } from "../icon.js"
import { fileSize, number, t } from "../i18n.js"
import { say, toast } from "../say.js"

export default class Upload {
  #files = new DataTransfer()

  constructor(element) {
    this.element = element
    this.input = element.querySelector("input[type=file]")
    this.chips = element.querySelector("[data-chips]")
    this.limits = { count: Number(element.dataset.limitCount || 10), bytes: Number(element.dataset.limitBytes || 25 * 2 ** 20) }
    const ground = element.closest("[data-drop]") ?? element.querySelector(".drop") ?? element
    this.input.addEventListener("change", () => this.add(this.input.files))
    ground.addEventListener("dragover", (event) => this.#over(event, ground, true))
    ground.addEventListener("dragleave", (event) => this.#over(event, ground, false))
    ground.addEventListener("drop", (event) => {
      this.#over(event, ground, false)
      this.add(event.dataTransfer.files)
    })
    element.closest("form")?.addEventListener("paste", (event) => event.clipboardData.files.length && this.add(event.clipboardData.files))
    element.closest("form")?.addEventListener("reset", () => this.clear())
  }

  add(files) {
    for (const file of files) {
      if (this.#files.items.length >= this.limits.count) {
        toast(t("too_many", { count: number(this.limits.count) }), { kind: "error" })
        break
      }
      if (file.size > this.limits.bytes) {
        toast(t("too_large", { name: file.name, size: fileSize(this.limits.bytes) }), { kind: "error" })
      } else if (![...this.#files.files].some((known) => known.name === file.name && known.size === file.size)) this.#files.items.add(file)
    }
    this.#show()
  }

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
    this.chips.replaceChildren(...[...this.#files.files].map((file, index) => this.#chip(file, index)))
    this.element.dispatchEvent(new CustomEvent("upload:change", { bubbles: true, detail: { count: this.#files.files.length } }))
  }

  #chip(file, index) {
    const chip = part("span", "file"), thumb = part("span", "thumb"), remove = part("button", "icon-btn small")
    thumb.append(file.type.startsWith("image/") ? preview(file) : icon("file"))
    remove.type = "button"
    remove.setAttribute("aria-label", t("remove", { name: file.name }))
    remove.append(icon("close", "sm"))
    remove.addEventListener("click", () => {
      this.#files.items.remove(index)
      this.#show()
      this.input.focus()
      say(t("removed", { name: file.name }))
    })
    chip.append(thumb, part("bdi", "name", file.name), part("span", "muted", fileSize(file.size)), remove)
    return chip
  }
}

function part(name, className, textContent = "") { return Object.assign(document.createElement(name), { className, textContent }) }

function preview(file) {
  const image = Object.assign(document.createElement("img"), { alt: "", src: URL.createObjectURL(file) })
  image.addEventListener("load", () => URL.revokeObjectURL(image.src))
  return image
}
