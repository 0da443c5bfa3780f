// static/js/controllers/autosize.js: a textarea as tall as its text, up to data-rows lines.

export default class Autosize {
  constructor(element) {
    if (CSS.supports("field-sizing", "content")) return
    this.element = element
    this.fit()
    element.addEventListener("input", () => this.fit())
  }

  fit() {
    const { style } = this.element
    style.blockSize = "auto"
    style.blockSize = `${this.element.scrollHeight + 2}px`
  }
}
