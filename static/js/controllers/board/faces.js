// static/js/controllers/board/faces.js: fetches what frames do not carry: changed and unknown faces in one request,
// and the next page of a stage when its end comes near.

import { parseEdge } from "../../models/columns.js"

const RETRY = 3_000, AT_ONCE = 60, NEAR = "800px"

/** After how long a face is asked for, at least and at most: jitter keeps a team from asking in the same moment. */
export const SOON = [300, 1_000], CALMLY = [2_000, 6_000]

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export class Faces {
  #wanted = new Set()
  #fresh = new Set()
  #timer = null
  #due = Infinity

  constructor(board, { get }) {
    Object.assign(this, { board, get })
    this.watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.#more(target)
    }, { root: board.element, rootMargin: NEAR })
  }

  /** Asks for these faces together with others. A fresh one lights up when it comes. */
  want(ids, { isFresh = false, when: [least, most] = SOON } = {}) {
    for (const id of ids) this.#wanted.add(id)
    if (isFresh) for (const id of ids) this.#fresh.add(id)
    const wait = least + Math.random() * (most - least), due = performance.now() + wait
    if (!this.#wanted.size || due >= this.#due) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => this.#fetch(), wait)
  }

  /** Watches for the end of every stage of which more can be loaded. */
  watch() {
    const { view, stream } = this.board
    this.watcher.disconnect()
    for (const stage of view.order) {
      const end = view.list(stage)?.querySelector(":scope > [data-card]:last-of-type") ?? view.list(stage)
      if (end && stream.columns.edge(stage)) this.watcher.observe(end)
    }
  }

  async #fetch() {
    const { board } = this, { stream } = board
    if (document.hidden) return document.addEventListener("visibilitychange", () => this.#fetch(), { once: true })
    const ids = [...this.#wanted].filter((id) => id !== board.drag.card).slice(0, AT_ONCE)
    for (const id of ids) this.#wanted.delete(id)
    const visible = ids.filter((id) => stream.stageOf(id) !== undefined)
    const answer = visible.length ? await this.get(`${board.url}/faces?ids=${visible.join()}`) : { data: { faces: {} } }
    if (answer.data?.faces) this.#adopt(answer.data)
    else await pause(RETRY)
    this.#due = Infinity
    this.want(answer.data?.faces ? [] : visible)
  }

  #adopt({ faces }) {
    const { view, stream } = this.board, ids = Object.keys(faces).map(Number)
    view.adopt(Object.values(faces).join(""))
    this.board.refresh(...new Set(ids.map((id) => stream.stageOf(id))))
    for (const id of ids) if (this.#fresh.delete(id)) view.flash(id)
  }

  async #more(end) {
    const { view, stream, url } = this.board
    const stage = Number(end.closest("[data-stage]").dataset.stage), list = view.list(stage)
    this.watcher.unobserve(end)
    list.setAttribute("aria-busy", "true")
    const isDone = await stream.more(stage, async ({ rank, id }) => {
      const { ok, data } = await this.get(`${url}/stages/${stage}/cards?after=${rank}:${id}`)
      return ok && { ...data, edge: parseEdge(data.next), cards: view.adopt(data.html) }
    })
    list.removeAttribute("aria-busy")
    if (!isDone) setTimeout(() => this.watch(), RETRY)
  }
}
