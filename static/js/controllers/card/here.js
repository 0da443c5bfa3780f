// static/js/controllers/card/here.js: who else looks at this card or writes on it.

import { avatar } from "../../avatar.js"
import { locale, t } from "../../i18n.js"

const RENEW = 15_000, PAUSE = 6_000, SHOWN = 4

export class Here {
  #typing = null
  #state = "viewing"

  constructor(page) {
    this.page = page
    this.members = JSON.parse(document.getElementById("members")?.textContent || "{}")
    page.socket.on("card.presence", ({ card, viewers }) => card === page.card && this.show(viewers))
    document.addEventListener("card:typing", () => this.#types())
    document.addEventListener("visibilitychange", () => this.tell())
    setInterval(() => document.hidden || this.tell(), RENEW)
  }

  tell() {
    const state = document.hidden ? "away" : this.#state
    if (this.page.socket.connected) this.page.socket.emit("presence", { card: this.page.card, state })
  }

  /** `viewers`: [{user, state}] of this card. */
  show(viewers) {
    const isOther = ({ user, state }) => user !== this.page.me && state !== "away" && this.members[user]
    const others = viewers.filter(isOther), typing = others.filter(({ state }) => state === "typing")
    const place = this.page.element.querySelector("[data-presence]"), mark = document.createElement("span")
    mark.className = "typing"
    mark.append(...others.slice(0, SHOWN).map(({ user }) => this.#avatar(user)))
    mark.append(t(typing.length ? "card.typing" : "card.here", { names: this.#names(typing.length ? typing : others) }))
    if (!others.length) place.replaceChildren()
    else if (place.textContent !== mark.textContent) place.replaceChildren(mark)
  }

  #names(list) {
    const format = new Intl.ListFormat(locale, { type: "conjunction" })
    return format.format(list.map(({ user }) => this.members[user].name))
  }

  #avatar(user) {
    return avatar(this.members[user], "here")
  }

  #types() {
    clearTimeout(this.#typing)
    this.#typing = setTimeout(() => this.#become("viewing"), PAUSE)
    this.#become("typing")
  }

  #become(state) {
    if (state === this.#state) return
    this.#state = state
    this.tell()
  }
}
