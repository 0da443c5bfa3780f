// static/js/ago.js: relative times that the server wrote (`<time data-ago>`) stay right while the page stands open.

import { digits, t, timezone } from "./i18n.js"

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR
// Beyond this a promise is said by its day and hour, and the server's words stay true.
const SAID_AS_TIME = 6 * HOUR
const UNITS = [[365 * DAY, "ago_y"], [30 * DAY, "ago_mo"], [DAY, "ago_d"], [HOUR, "ago_h"], [MINUTE, "ago_min"]]

export function keepTimes() {
  setInterval(() => document.hidden || refresh(), MINUTE)
  document.addEventListener("visibilitychange", () => document.hidden || refresh())
}

function refresh() {
  for (const element of document.querySelectorAll(".promise[data-at]")) countDown(element)
  for (const element of document.querySelectorAll("time[data-ago], time.age")) {
    const text = relative(Date.parse(element.dateTime), element.dataset.ago ?? "short")
    if (text && element.textContent !== text) element.textContent = text
  }
}

/** A promise (`data-at`: its minute) counts down, and says so itself when it has passed. */
export function countDown(element, now = Date.now()) {
  const left = Number(element.dataset.at) * MINUTE - now
  if (left <= 0) {
    element.dataset.state = "late"
    delete element.dataset.left
  } else if (left > SAID_AS_TIME || element.closest("[data-whole]")) return
  const text = t(left <= 0 ? "promise_late" : "promise_left", { time: relative(now + Math.abs(left), "short", now) })
  if (element.textContent !== text) element.textContent = text
}

/** The words of the filter `|ago`. What is named by its day and hour does not change: null. */
export function relative(moment, style, now = Date.now()) {
  const distance = now - moment, length = Math.abs(distance)
  const [size, key] = UNITS.find(([least]) => length >= least) ?? []
  const words = size ? digits(t(key, { num: Math.floor(length / size) })) : t("ago_now")
  if (style === "short") return words
  if (!size) return t("just_now")
  if (length >= HOUR && (length >= 12 * HOUR || dayOf(moment) !== dayOf(now))) return null
  return t(distance < 0 ? "ago_next" : "ago_past", { distance: words })
}

const dayOf = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(moment)
