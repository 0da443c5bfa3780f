// static/js/controllers/board.js: a live Kanban board. Holds its parts together; each part is one behaviour in board/.

import { t } from "../i18n.js"
import { get, post } from "../http.js"
import { parseEdge } from "../models/columns.js"
import { Stream } from "../models/stream.js"
import { say, toast } from "../say.js"
import { staffSocket } from "../socket.js"
import { Drag } from "./board/drag.js"
import { CALMLY, Faces } from "./board/faces.js"
import { Keys } from "./board/keys.js"
import { Live } from "./board/live.js"
import { CardMenu } from "./board/menu.js"
import { Moves } from "./board/moves.js"
import { Presence } from "./board/presence.js"
import { View } from "./board/view.js"
import { Words } from "./board/words.js"

const RETRY_RELOAD = 2_000, YOUNG = 10_000

export default class Board {
  constructor(element) {
    const { pipeline, epoch, seq, slug, readonly, me } = element.dataset
    Object.assign(this, { element, url: `/boards/${slug}`, canMove: readonly === undefined })
    Object.assign(this, { pipeline: Number(pipeline), me: Number(me) })
    this.view = new View(element)
    this.stream = new Stream({ epoch: Number(epoch), seq: Number(seq), stages: this.view.read() }, this.#ports())
    this.view.onlate = (stages) => this.refresh(...stages)
    this.words = new Words(this)
    this.moves = new Moves(this, { post })
    this.faces = new Faces(this, { get })
    this.drag = new Drag(this)
    this.menu = new CardMenu(this)
    this.keys = new Keys(this)
    this.presence = new Presence(this)
    this.live = new Live(this, { socket: staffSocket() })
    this.faces.watch()
  }

  /** Brings stages of the screen up to date with the stream. */
  refresh(...stages) {
    this.faces.want(this.view.render(stages, this.stream))
    this.keys.refresh()
    this.faces.watch()
  }

  /** Gives a card to this person; one that shows nobody only while it is nobody's. */
  async assign(card) {
    const face = this.view.face(card), item = this.view.cardName(card)
    const url = `/cards/${face.dataset.code}/assignment`
    const if_free = Boolean(face.querySelector(".avatar.none"))
    const { ok, data } = await post(url, { assignee_id: this.me, if_free })
    if (!ok) return toast(data?.detail ?? t("board.not_taken", { item }), { kind: "error" })
    this.faces.want([card])
    say(t("board.taken", { item }))
  }

  /** Loads the page anew as soon as nobody is in the middle of something, and never twice within seconds. */
  reload() {
    const isBusy = this.drag.card || this.keys.grab.isHolding || document.querySelector("dialog[open]")
    this.live.show(false)
    clearTimeout(this.reloading)
    if (isBusy || performance.now() < YOUNG) this.reloading = setTimeout(() => this.reload(), RETRY_RELOAD)
    else this.reloading = setTimeout(() => location.reload(), Math.random() * RETRY_RELOAD) // not a whole team at once
  }

  #ports() {
    return {
      ask: (query) => this.#sync(query),
      later: (ms, run) => setTimeout(run, ms),
      cancel: (timer) => clearTimeout(timer),
      random: Math.random,
      changed: (change) => this.#changed(change),
      live: (isLive) => this.live.show(isLive),
      rejoin: () => this.live.join(),
      reload: () => this.reload(),
    }
  }

  async #sync({ epoch, seq, stages }) {
    const windows = Object.entries(stages).map(([id, count]) => `${id}:${count}`)
    const { ok, status, data } = await get(`${this.url}/sync?epoch=${epoch}&seq=${seq}&stages=${windows.join()}`)
    if (status === 403 || status === 404) this.reload()
    if (!ok) return null
    for (const rows of Object.values(data.stages ?? {})) {
      const faces = new Map(this.view.adopt(Object.values(rows.html).join("")).map((card) => [card.id, card]))
      const cards = rows.cards.map(([id, rank]) => ({ version: this.stream.versionOf(id), ...faces.get(id), id, rank }))
      Object.assign(rows, { edge: parseEdge(rows.next), cards })
    }
    return data
  }

  #changed({ stages, frames }) {
    const ids = (test) => frames.filter((frame) => frame.card && test(frame)).map(({ card }) => card.id)
    const isMove = ({ name }) => name === "card.moved" || name === "stage.reset"
    this.refresh(...stages)
    this.faces.want(ids((frame) => !isMove(frame)))
    this.faces.want(ids(({ name }) => name === "card.opened" || name === "card.reopened"), { isFresh: true })
    // What the customer sees may have changed with the stage: a few words on the face, for which there is time.
    this.faces.want(ids((frame) => isMove(frame) && frame.from_stage !== frame.card.stage), { when: CALMLY })
    this.drag.refresh(frames)
    this.words.remote(frames)
  }
}
