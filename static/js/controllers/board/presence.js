// static/js/controllers/board/presence.js: who else has this board open, and who looks at or writes on which card.

import { avatar } from "../../avatar.js"
import { locale, t } from "../../i18n.js"

const SHOWN = 5

const listed = (names) => new Intl.ListFormat(locale).format(names)

export class Presence {
  #viewers = []

  constructor(board) {
    this.board = board
    this.members = JSON.parse(document.getElementById("members")?.textContent ?? "{}")
    this.bar = document.querySelector("[data-viewers]")
    board.view.dress.push((face) => this.#dress(face))
  }

  /** `viewers`: [{user, card: id | null, state: "viewing" | "typing" | "away"}], all of this board. */
  show(viewers) {
    const before = new Set(this.#viewers.map(({ card }) => card))
    const isShown = ({ user, state }) => user !== this.board.me && state !== "away" && this.members[user]
    this.#viewers = viewers.filter(isShown)
    for (const id of before.union(new Set(this.#viewers.map(({ card }) => card)))) {
      if (id && this.board.view.face(id)) this.#dress(this.board.view.face(id))
    }
    this.#dressBar()
  }

  #dressBar() {
    if (!this.bar) return
    const users = [...new Set(this.#viewers.map(({ user }) => user))]
    this.bar.hidden = !users.length
    this.bar.replaceChildren(...users.slice(0, SHOWN).map((user) => this.#avatar(user)))
    this.bar.setAttribute("role", "img")
    const names = listed(users.map((user) => this.members[user].name))
    this.bar.setAttribute("aria-label", t("board.also_here", { names }))
  }

  #dress(face) {
    const here = this.#viewers.filter(({ card }) => card === Number(face.dataset.card))
    face.querySelector("[data-here]")?.remove()
    if (!here.length) return
    const typing = here.find(({ state }) => state === "typing"), mark = document.createElement("span")
    const names = listed((typing ? [typing] : here).map(({ user }) => this.members[user].name))
    mark.dataset.here = ""
    mark.className = typing ? "typing" : "stack"
    mark.append(...(typing ? [typing] : here).slice(0, SHOWN).map(({ user }) => this.#avatar(user, "here")))
    if (typing) mark.append(t("board.typing", { name: names }))
    else mark.append(spoken(t("board.looking", { names })))
    const foot = [...face.querySelectorAll(".foot")].at(-1) ?? face
    foot.insertBefore(mark, foot.querySelector(":scope > .avatar, :scope > .stack"))
  }

  #avatar(user, cls = "") {
    return Object.assign(avatar(this.members[user], cls), { title: this.members[user].name })
  }
}

function spoken(text) {
  return Object.assign(document.createElement("span"), { className: "sr", textContent: text })
}
