// static/js/controllers/contrast.js: says whether white text reads well on the colour that is being chosen.

import { number } from "../i18n.js"

export default class Contrast {
  constructor(element) {
    this.least = Number(element.dataset.least)
    this.says = element.querySelector("[data-says]")
    element.querySelector("input").addEventListener("input", (event) => this.show(event.target.value))
  }

  show(color) {
    const ratio = 1.05 / (luminance(color) + 0.05)
    const sentence = ratio >= this.least ? this.says.dataset.good : this.says.dataset.bad
    this.says.textContent = sentence.replace("{ratio}", number(Math.floor(ratio * 10) / 10))
    this.says.className = ratio < this.least ? "error" : "help"
  }
}

function luminance(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(color.slice(at, at + 2), 16) / 255))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(value) { return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4 }
