// static/js/controllers/portal-code.js: six digits are the whole code, so they are sent without a further touch.

import { ascii } from "../i18n.js"

export default class PortalCode {
  constructor(form) {
    this.form = form
    this.input = form.elements.code
    this.input.addEventListener("input", () => this.check())
    this.check() // the telephone, or quick fingers, may have filled it in before this script came
  }

  check() {
    if (this.isSent || !/^\d{6}$/.test(ascii(this.input.value).replace(/[\s-]/g, ""))) return
    this.isSent = true
    this.form.requestSubmit()
  }
}
