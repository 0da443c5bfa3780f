// static/js/icon.js: an icon of the sprite, for elements that scripts make.

const NS = "http://www.w3.org/2000/svg"

/** The address of the sprite is taken from an icon that the server drew. */
const sprite = () => document.querySelector("svg.i use")?.getAttribute("href")?.split("#")[0] ?? ""

export function icon(name, cls = "") {
  const svg = document.createElementNS(NS, "svg"), use = document.createElementNS(NS, "use")
  svg.setAttribute("class", `i ${cls}`.trim())
  svg.setAttribute("aria-hidden", "true")
  use.setAttribute("href", `${sprite()}#${name}`)
  svg.append(use)
  return svg
}
