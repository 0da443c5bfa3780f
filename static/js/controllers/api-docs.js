// static/js/controllers/api-docs.js: operations are found by words of their address and summary; a link opens its own.

export default class ApiDocs {
  constructor(element) {
    this.element = element
    this.operations = [...element.querySelectorAll("[data-operation]")]
    element.querySelector("[data-find]").addEventListener("input", (event) => this.find(event.target.value))
    addEventListener("hashchange", () => this.open())
    this.open()
  }

  find(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    for (const operation of this.operations) {
      const own = operation.dataset.operation.toLowerCase()
      operation.hidden = !words.every((word) => own.includes(word))
    }
    for (const group of this.element.querySelectorAll("[data-group]")) {
      group.hidden = !group.querySelector("[data-operation]:not([hidden])")
    }
    this.element.querySelector("[data-nothing]").hidden = this.operations.some((operation) => !operation.hidden)
  }

  open() {
    const operation = this.operations.find(({ id }) => `#${id}` === location.hash)
    if (operation) operation.open = true
  }
}
