// static/js/controllers/portal-again.js: the button for another code rests for a minute and says how long still.

import { t } from "../i18n.js"

export default class PortalAgain {
  constructor(form) {
    this.button = form.querySelector("button[type=submit]")
    this.label = [...this.button.childNodes].findLast((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    this.said = this.label.data
    this.text = form.dataset.text
    this.until = Date.now() + Number(form.dataset.seconds) * 1000
    this.button.disabled = true
    this.timer = setInterval(() => this.tick(), 1000)
    this.tick()
  }

  disconnect() { clearInterval(this.timer) }

  tick() {
    const count = Math.ceil((this.until - Date.now()) / 1000)
    if (count > 0) return void (this.label.data = t(this.text, { count }))
    clearInterval(this.timer)
    this.label.data = this.said
    this.button.disabled = false
  }
}
