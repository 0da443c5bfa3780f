// static/js/controllers/card.js: a card's page that stays true while it stands open. What changed is fetched as
// oneself, and what somebody is writing or choosing is left alone.

import { get, post } from "../http.js"
import { t } from "../i18n.js"
import { toast } from "../say.js"
import { staffSocket } from "../socket.js"
import { Changes } from "./card/changes.js"
import { Here } from "./card/here.js"
import { Parts } from "./card/parts.js"
import { Talk } from "./card/talk.js"

const SOON = 150, LOOK_AGAIN = 20_000

export default class CardPage {
  #timer = null
  #isAsking = false

  constructor(element) {
    const { card, url, version, lastEntry, lastEvent, me, closed } = element.dataset
    Object.assign(this, { element, url, card: Number(card), me: Number(me), version: Number(version) })
    Object.assign(this, { lastEntry: Number(lastEntry), lastEvent: Number(lastEvent) })
    Object.assign(this, { isClosed: closed === "1", isPast: "past" in element.dataset })
    this.socket = staffSocket()
    this.talk = new Talk(this, { get })
    this.parts = new Parts(element)
    this.here = new Here(this)
    this.changes = new Changes(this, { post })
    this.socket.on("connect", () => this.join())
    this.socket.on("card.news", (frame) => frame.card === this.card && this.#heard(frame))
    document.addEventListener("card:changed", () => this.refresh())
    document.addEventListener("visibilitychange", () => document.hidden || this.join())
    addEventListener("pageshow", (event) => event.persisted && this.join())
    addEventListener("pagehide", () => this.socket.emit("card.leave", { id: this.card }))
    this.clock = setInterval(() => document.hidden || this.join(), LOOK_AGAIN)
    if (this.socket.connected) this.join()
    this.read()
  }

  disconnect() { clearInterval(this.clock) }

  /** Enters the card's room, also after the board's access changed, and learns whether something was missed. */
  join() {
    if (!this.socket.connected) return
    this.here.tell()
    this.socket.timeout(10_000).emit("card.join", { id: this.card }, (error, answer) => {
      if (error) return
      if (!answer.ok) return toast(t("card.out_of_reach"), { kind: "error" })
      this.here.show(answer.viewers)
      if (answer.version !== this.version || (answer.entry ?? 0) > this.lastEntry) this.refresh()
    })
  }

  /** Fetches what is new, soon and once for several causes. */
  refresh() { this.#timer ??= setTimeout(() => this.#fetch(), SOON) }

  /** Notes how far this person has read; while the page is out of sight nothing is read. */
  read() {
    if (!document.hidden) post(`${this.url}/reads`, { entry_id: this.lastEntry })
    else document.addEventListener("visibilitychange", () => this.read(), { once: true })
  }

  #heard({ name, entry }) {
    if (name === "reply.withdrawn" && entry) this.talk.renew(entry)
    this.refresh()
  }

  async #fetch() {
    this.#timer = null
    if (this.#isAsking) return this.refresh()
    this.#isAsking = true
    const answer = await get(`${this.url}/entries?after=${this.lastEntry}&events_after=${this.lastEvent}`)
    this.#isAsking = false
    if (answer.status === 404) return toast(t("card.out_of_reach"), { kind: "error" })
    if (answer.ok) this.#adopt(answer.data)
  }

  #adopt({ html, parts, last_entry, last_event, version, is_closed }) {
    // A card that was closed or reopened takes and gives other abilities; drafts survive the new page.
    if (is_closed !== this.isClosed) return location.reload()
    const isNew = last_entry > this.lastEntry
    Object.assign(this, { lastEntry: last_entry, lastEvent: last_event, version })
    if (!this.isPast) this.talk.add(html, { isNew })
    this.parts.renew(parts)
    document.dispatchEvent(new CustomEvent("card:refreshed", { detail: { lastEntry: last_entry } }))
    if (isNew) this.read()
  }
}
