// static/js/controllers/portal-live.js: what a customer reads stays as it is on the server. News names the request or order
// only; the page's own parts are then fetched and put in the place of those that differ. What is typed stands outside of them.

import { fragment } from "../http.js"
import { t } from "../i18n.js"
import { say } from "../say.js"
import { portalSocket } from "../socket.js"

export default class PortalLive {
  #isBusy = false
  #isStale = false

  constructor(element) {
    this.element = element
    if (!("signedIn" in document.body.dataset)) return
    this.listeners = {
      "socket:changed": ({ detail }) => this.concerns(detail) && this.refresh(),
      "socket:live": ({ detail }) => detail.first || (detail.live && this.refresh()),
    }
    for (const [name, listener] of Object.entries(this.listeners)) document.addEventListener(name, listener)
    portalSocket()
  }

  disconnect() {
    for (const [name, listener] of Object.entries(this.listeners ?? {})) document.removeEventListener(name, listener)
  }

  /** A page of one thing hears of that thing; a list hears of everything. */
  concerns(news) {
    const { request, order } = this.element.dataset
    return request ? news.request === request : order ? news.order === order : true
  }

  /** Fetches once at a time; what arrives meanwhile is fetched again afterwards. */
  async refresh() {
    if (this.#isBusy) return void (this.#isStale = true)
    this.#isBusy = true
    const answer = await fragment(location.pathname + location.search)
    this.#isBusy = false
    if (answer.ok && answer.text && this.element.isConnected) this.#show(answer.text)
    if (!this.#isStale) return
    this.#isStale = false
    this.refresh()
  }

  #show(html) {
    const template = document.createElement("template")
    template.innerHTML = html
    let isNew = false
    for (const part of [...template.content.children].filter(({ id }) => id)) {
      const old = this.element.querySelector(`:scope > #${CSS.escape(part.id)}`)
      if (old && old.innerHTML.trim() === part.innerHTML.trim()) continue
      isNew = true
      if (old) old.replaceWith(part)
      else this.element.append(part)
    }
    if (isNew) say(t("fresh"))
  }
}
