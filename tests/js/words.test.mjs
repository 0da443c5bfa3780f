// What scripts write for a reader: digits, sentences, sizes and relative times.

import assert from "node:assert/strict"
import { test } from "node:test"

const texts = {
  ago_min: "%(num)s دقیقه", ago_h: "%(num)s ساعت", ago_d: "%(num)s روز", ago_now: "اکنون", just_now: "همین حالا",
  ago_past: "%(distance)s پیش", ago_next: "%(distance)s دیگر", remove: "برداشتن {name}", unit_mb: "{size} مگابایت",
}
globalThis.document = {
  documentElement: { lang: "fa" },
  getElementById: () => ({ textContent: JSON.stringify({ texts, locale: "fa", digits: "fa", timezone: "Asia/Tehran" }) }),
}
const { ascii, digits, fileSize, number, t } = await import("../../static/js/i18n.js")
const { relative } = await import("../../static/js/ago.js")

test("digits are written in the reader's script and compared in ASCII", () => {
  assert.equal(digits("7KQD-3XHT-4"), "۷KQD-۳XHT-۴")
  assert.equal(ascii("۷KQD-٣XHT-۴"), "7KQD-3XHT-4")
  assert.equal(number(1250000), "۱٬۲۵۰٬۰۰۰")
})

test("a sentence takes its values, and an unknown key shows itself", () => {
  assert.equal(t("remove", { name: "a.jpg" }), "برداشتن a.jpg")
  assert.equal(t("ago_min", { num: 5 }), "۵ دقیقه")
  assert.equal(t("nothing.here"), "nothing.here")
  assert.equal(fileSize(1_800_000), "۱٫۸ مگابایت")
})

// 2026-11-21, noon in Tehran
const NOON = Date.parse("2026-11-21T08:30:00Z"), MINUTE = 60_000, HOUR = 60 * MINUTE

test("times are told as the server tells them", () => {
  assert.equal(relative(NOON - 20_000, "long", NOON), "همین حالا")
  assert.equal(relative(NOON - 20 * MINUTE, "long", NOON), "۲۰ دقیقه پیش")
  assert.equal(relative(NOON + 2 * HOUR, "long", NOON), "۲ ساعت دیگر")
  assert.equal(relative(NOON - 26 * HOUR, "short", NOON), "۱ روز")
})

test("what is named by its day and hour is left alone", () => {
  assert.equal(relative(NOON - 26 * HOUR, "long", NOON), null)
  const morning = Date.parse("2026-11-20T21:30:00Z") // one o'clock at night in Tehran: three hours before was yesterday
  assert.equal(relative(morning - 3 * HOUR, "long", morning), null)
})
