// static/js/controllers/board/live.js: the board on the staff socket: joins its room, hears events and heartbeats, and
// says whether what is shown is live.

import { t } from "../../i18n.js"

export class Live {
  #isJoining = false

  constructor(board, { socket }) {
    Object.assign(this, { board, socket, badge: document.querySelector("[data-live]") })
    const here = (handle) => (data) => Number(data.pipeline) === board.pipeline && handle(data)
    socket.on("connect", () => this.join())
    socket.on("disconnect", () => board.stream.lost())
    socket.on("live.paused", () => board.stream.pause())
    socket.on("live.resumed", () => board.stream.resume())
    socket.on("event", here((frame) => board.stream.receive(frame)))
    socket.on("board.head", here((head) => board.stream.head(head)))
    socket.on("presence", here(({ viewers }) => board.presence.show(viewers)))
    document.addEventListener("visibilitychange", () => document.hidden || board.stream.sync())
    addEventListener("pageshow", (event) => event.persisted && board.stream.sync())
    addEventListener("pagehide", () => socket.emit("pipeline.leave", { id: board.pipeline }))
    if (socket.connected) this.join()
  }

  /** Enters the room of the present epoch; the server checks the right anew. */
  join() {
    if (this.#isJoining || !this.socket.connected) return
    this.#isJoining = true
    this.socket.timeout(10_000).emit("pipeline.join", { id: this.board.pipeline }, (error, answer) => {
      this.#isJoining = false
      if (error) return
      if (answer.ok) this.board.stream.joined({ epoch: answer.room_epoch, seq: answer.seq })
      else this.board.reload()
    })
  }

  show(isLive) {
    if (!this.badge) return
    this.badge.classList.toggle("off", !isLive)
    this.badge.textContent = t(isLive ? "board.live" : "board.not_live")
    this.badge.title = isLive ? "" : t("board.not_live_help")
  }
}
