// static/js/say.js: what scripts tell a person: a sentence read aloud, and toasts that can take something back.

import { icon } from "./icon.js"
import { t } from "./i18n.js"

/** Read aloud when the reader is idle; nothing is shown. */
export function say(text) {
  const place = document.getElementById("say")
  if (!place) return
  place.textContent = ""
  setTimeout(() => { place.textContent = text }, 60)
}

/**
 * Shows a sentence for some seconds. `undo` is called by the button "Undo"; `action` {label, run} is another button;
 * kind "error" stays until it is closed and is read at once. Answers a function that takes the toast away.
 */
export function toast(text, { undo, action, seconds, kind = "" } = {}) {
  const element = document.createElement("div")
  element.className = "toast"
  element.setAttribute("role", kind === "error" ? "alert" : "status")
  if (kind === "error") element.append(icon("warn"))
  element.append(Object.assign(document.createElement("span"), { textContent: text }))
  const act = undo ? { label: t("undo"), run: undo, sign: icon("undo", "sm turn") } : action
  const close = show(element, { seconds: seconds ?? (kind === "error" ? 0 : act ? 10 : 5) })
  if (act) element.append(button(act, close))
  if (kind === "error") element.append(closer(close))
  return close
}

function button({ label, run, sign }, close) {
  const element = Object.assign(document.createElement("button"), { type: "button", className: "btn small" })
  element.append(...[sign, label].filter(Boolean))
  element.addEventListener("click", () => {
    close()
    run()
  })
  return element
}

function closer(close) {
  const element = Object.assign(document.createElement("button"), { type: "button", className: "icon-btn small" })
  element.setAttribute("aria-label", t("close"))
  element.append(icon("close"))
  element.addEventListener("click", close)
  return element
}

/** Puts a toast among the others, above open dialogs. The clock stands while the pointer or the focus is on it. */
export function show(element, { seconds }) {
  const place = document.getElementById("toasts")
  const close = () => {
    element.classList.add("leaving")
    setTimeout(() => element.remove(), 190)
  }
  if (seconds) {
    element.dataset.timed = ""
    element.style.setProperty("--time", `${seconds}s`)
    run(element, seconds * 1000, close)
  }
  place?.append(element)
  raise(place)
  return close
}

function run(element, left, close) {
  let began = performance.now(), timer = setTimeout(close, left)
  const stop = () => {
    clearTimeout(timer)
    left -= performance.now() - began
  }
  const go = () => {
    began = performance.now()
    timer = setTimeout(close, Math.max(left, 1000))
  }
  element.addEventListener("pointerenter", stop)
  element.addEventListener("pointerleave", go)
  element.addEventListener("focusin", stop)
  element.addEventListener("focusout", go)
}

/** The top layer shows what came last: the toasts come again after every dialog that opened since. */
function raise(place) {
  if (!place?.showPopover) return
  place.popover = "manual"
  if (place.matches(":popover-open")) place.hidePopover()
  place.showPopover()
}
