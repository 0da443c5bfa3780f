// static/js/controllers/print.js: a button that prints the page.

export default class Print {
  constructor(button) {
    button.addEventListener("click", () => window.print())
  }
}
