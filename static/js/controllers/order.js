// static/js/controllers/order.js: the form of a new order. Lines come and go, and the sums follow what is typed; the server
// reckons anew from its own prices.

import { ascii, number } from "../i18n.js"
import { lineSums, orderSums, parseAmount } from "../models/sums.js"

export default class Order {
  constructor(element) {
    this.element = element
    this.list = element.querySelector("[data-lines]")
    this.template = element.querySelector("template[data-row]")
    this.sums = element.querySelector("[data-sums]")
    this.rials = Number(this.sums.dataset.rials)
    element.querySelector("[data-add]").addEventListener("click", () => this.#add())
    element.addEventListener("input", () => this.#reckon())
    element.addEventListener("combo:choose", (event) => this.#chosen(event))
    this.list.addEventListener("click", (event) => this.#remove(event.target.closest("[data-remove]")))
    this.#reckon()
  }

  get #rows() { return [...this.list.querySelectorAll("[data-line]")] }

  #add() {
    const places = this.#rows.map((row) => Number(row.querySelector("[role=combobox]").name.split("-")[1]))
    const html = this.template.innerHTML.replaceAll("lines-NEW-", `lines-${Math.max(-1, ...places) + 1}-`)
    this.list.insertAdjacentHTML("beforeend", html)
    this.list.lastElementChild.querySelector("[role=combobox]").focus()
    this.#reckon()
  }

  #remove(button) {
    if (!button || this.#rows.length < 2) return
    const row = button.closest("[data-line]"), next = row.nextElementSibling ?? row.previousElementSibling
    row.remove()
    next.querySelector("[role=combobox]").focus()
    this.#reckon()
  }

  /** A product was chosen: its price and tax go with the line, and the quantity is next. */
  #chosen({ target, detail }) {
    const row = target.closest("[data-line]")
    if (!row) return
    Object.assign(row.dataset, { price: detail.price_rials, vat: detail.vat_rate })
    row.querySelector("[name$=-quantity]").select()
    this.#reckon()
  }

  #reckon() {
    const lines = this.#rows.map((row) => this.#line(row)), shipping = this.#amount(this.element.querySelector("[name=shipping]"))
    for (const [name, rials] of Object.entries(orderSums(lines, shipping))) {
      this.sums.querySelector(`[data-sum=${name}]`).textContent = this.#shown(rials)
    }
  }

  #line(row) {
    if (!row.querySelector("[role=combobox]").value.trim()) Object.assign(row.dataset, { price: 0, vat: 0 })
    const quantity = Number(ascii(row.querySelector("[name$=-quantity]").value)) || 0
    const { price = 0, vat = 0 } = row.dataset
    const sums = lineSums({ price: Number(price), vat: Number(vat), quantity, discount: this.#amount(row.querySelector("[name$=-discount]")) })
    row.querySelector("[data-total]").textContent = sums.gross ? this.#shown(sums.total) : ""
    return sums
  }

  #amount(input) { return parseAmount(input.value, this.rials, ascii) }

  #shown(rials) { return `${number(rials / this.rials)} ${this.sums.dataset.unit}` }
}
