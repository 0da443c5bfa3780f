// static/js/controllers/board/words.js: what the live region says of a move: item, from, to, position.

import { number, t } from "../../i18n.js"
import { say } from "../../say.js"

const DELAY = 80 // a change of focus would swallow what is said in the same moment

export class Words {
  #timer

  constructor(board) { this.board = board }

  grabbed(card) { this.#say("board.grabbed", card) }
  at(card) { this.#say("board.at", card) }
  border(card) { this.#say("board.border", card) }
  returned(card) { this.#say("board.back", card) }

  /** `from`: the stage that the card was in when it was taken up. */
  dropped(card, from) {
    const isThere = from === undefined || from === this.board.stream.stageOf(card)
    this.#say(isThere ? "board.dropped" : "board.carried", card, { from: this.board.view.stageName(from) })
  }

  /** What others do is said only of the card that this person has in focus. */
  remote(frames) {
    const focused = Number(document.activeElement?.closest?.("[data-card]")?.dataset.card)
    const frame = frames.findLast(({ card, op_id }) => card?.id === focused && !this.board.moves.isMine(op_id))
    if (frame && frame.name !== "card.changed") this.#say("board.remote", focused)
  }

  #say(key, card, more = {}) {
    const { stream, view } = this.board, stage = stream.stageOf(card), position = stream.screen(stage).indexOf(card) + 1
    const words = { item: view.cardName(card), stage: view.stageName(stage), position: number(position),
      count: number(stream.total(stage)), ...more }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => say(t(stage === undefined ? "board.gone" : key, words)), DELAY)
  }
}
