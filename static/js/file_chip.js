// static/js/file_chip.js: a chosen file, shown before it is sent: picture or kind, name, size, a way to take it out.

import { fileSize, t } from "./i18n.js"
import { icon } from "./icon.js"

/** `onremove` is called by its button. */
export function fileChip(file, onremove) {
  const chip = part("span", "file"), thumb = part("span", "thumb"), remove = part("button", "icon-btn small")
  thumb.append(file.type.startsWith("image/") ? preview(file) : icon("file"))
  remove.type = "button"
  remove.setAttribute("aria-label", t("remove", { name: file.name }))
  remove.append(icon("close", "sm"))
  remove.addEventListener("click", onremove)
  chip.append(thumb, part("bdi", "name", file.name), part("span", "muted", fileSize(file.size)), remove)
  return chip
}

function part(name, className, textContent = "") {
  return Object.assign(document.createElement(name), { className, textContent })
}

function preview(file) {
  const image = Object.assign(document.createElement("img"), { alt: "", src: URL.createObjectURL(file) })
  image.addEventListener("load", () => URL.revokeObjectURL(image.src))
  return image
}
