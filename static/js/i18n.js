// static/js/i18n.js: the sentences, digits and sizes of this page's reader, as the server put them into #texts.

const page = JSON.parse(document.getElementById("texts")?.textContent || "{}")
const PERSIAN = "۰۱۲۳۴۵۶۷۸۹"

export const locale = page.locale ?? document.documentElement.lang
export const timezone = page.timezone ?? "Asia/Tehran"

/** Digits as the reader writes them; anything else stays. */
export function digits(value) {
  return page.digits === "fa" ? String(value).replace(/\d/g, (digit) => PERSIAN[digit]) : String(value)
}

/** Any script's digits as ASCII: what is sent, copied and compared. */
export function ascii(text) {
  return String(text).replace(/[۰-۹٠-٩]/g, (digit) => digit.codePointAt(0) & 15)
}

/** A number with its thousands apart: «۱٬۲۵۰». */
export function number(value) {
  const options = { numberingSystem: page.digits === "fa" ? "arabext" : "latn" }
  return new Intl.NumberFormat(locale, options).format(value)
}

/** The sentence of a key; `{name}` and `%(name)s` are filled in, numbers in the reader's digits. An unknown key shows. */
export function t(key, values = {}) {
  return (page.texts?.[key] ?? key).replace(/\{(\w+)\}|%\((\w+)\)s/g, (whole, braced, named) => {
    const value = values[braced ?? named]
    return value === undefined ? whole : typeof value === "number" ? digits(value) : value
  })
}

/** A size in bytes: «۱٫۸ مگابایت». */
export function fileSize(bytes) {
  const [unit, size] = bytes < 1000 ? ["bytes", bytes] : bytes < 1e6 ? ["kb", bytes / 1e3] : ["mb", bytes / 1e6]
  return t(`unit_${unit}`, { size: number(size < 10 ? Math.round(size * 10) / 10 : Math.round(size)) })
}
