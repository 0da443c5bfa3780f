// static/js/controllers/shortcuts.js: the sheet of "?", and keys that press what carries them: data-key="c", "g w".
// Letters are read by their place on the keyboard, so they work while the keyboard writes Persian.

import { openDialog } from "../dialogs.js"

const SEQUENCE_MS = 900

export default class Shortcuts {
  #before = ""
  #at = 0

  constructor(element) {
    this.element = element
    document.addEventListener("keydown", (event) => this.#down(event))
  }

  #down(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
    if (document.querySelector("dialog[open], .menu:popover-open")) return
    if (event.key === "?" || event.key === "؟") return this.#done(event, () => openDialog(this.element))
    if (event.code === "Slash" && !event.shiftKey) return this.#press(event, document.querySelector("[data-search]"))
    if (event.shiftKey || !/^Key[A-Z]$/.test(event.code)) return
    const letter = event.code.slice(3).toLowerCase(), isNext = event.timeStamp - this.#at < SEQUENCE_MS
    const both = isNext && this.#find(`${this.#before} ${letter}`)
    this.#before = letter
    this.#at = event.timeStamp
    this.#press(event, both || this.#find(letter))
  }

  #find(key) {
    return [...document.querySelectorAll(`[data-key="${key}"]`)].find((element) => element.checkVisibility())
  }

  #press(event, target) {
    if (target) this.#done(event, () => (target.matches("input, textarea, select") ? target.focus() : target.click()))
  }

  #done(event, act) {
    event.preventDefault()
    act()
  }
}

function isTyping(target) {
  const fields = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select"
  return target.isContentEditable || target.matches(fields)
}
