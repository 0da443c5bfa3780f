// static/js/controllers/copy.js: a code, phone or tracking number goes to the clipboard in ASCII, on any connection.

import { ascii, t } from "../i18n.js"
import { say, toast } from "../say.js"

export default class Copy {
  constructor(element) {
    this.element = element
    element.addEventListener("click", () => this.copy())
  }

  async copy() {
    const text = ascii(this.element.dataset.copy ?? this.element.textContent.trim())
    if (!(await write(text))) return toast(t("copy_failed"), { kind: "error" })
    say(t("copied"))
    this.element.classList.add("done")
    const use = this.element.querySelector("use"), [sprite, name] = use?.getAttribute("href").split("#") ?? []
    if (!use || name === "tick") return
    use.setAttribute("href", `${sprite}#tick`)
    setTimeout(() => {
      use.setAttribute("href", `${sprite}#${name}`)
      this.element.classList.remove("done")
    }, 1600)
  }
}

/** The clipboard needs a safe origin; inside a house without TLS the old way still works. */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "sr", readOnly: true })
    document.body.append(area)
    area.select()
    const isDone = document.execCommand("copy")
    area.remove()
    return isDone
  }
}
