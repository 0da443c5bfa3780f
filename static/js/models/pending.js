// static/js/models/pending.js: moves of this person that the server has not confirmed, laid over the confirmed columns.
//
// An op is {op_id, card, stage, after, before}: the card goes directly below `after`, else directly above `before`,
// else to the top. Anchors are card ids, so an op keeps its meaning when others change the column. The stream adds the
// `seq` that the server gave it, and `past` when the card is confirmed but outside the loaded window.

export class Pending {
  #ops = []

  get size() { return this.#ops.length }
  find(op_id) { return this.#ops.find((op) => op.op_id === op_id) }

  /** Adds an op, or gives a new place to the one of this op_id. */
  set(op) {
    const known = this.find(op.op_id)
    if (known) Object.assign(known, op)
    else this.#ops.push({ ...op })
  }

  /** Takes out the ops that `test` picks and answers them; the others stay as they are. */
  remove(test) {
    const gone = this.#ops.filter(test)
    if (gone.length) this.#ops = this.#ops.filter((op) => !gone.includes(op))
    return gone
  }

  /** The op that decides where a card is shown, if there is one. */
  of(card) { return this.#ops.findLast((op) => op.card === card) }

  /** The ids of a stage as the person sees them. */
  lay(stage, ids) {
    let list = ids
    for (const op of this.#ops) {
      list = list.filter((id) => id !== op.card)
      if (op.stage === stage) list.splice(slot(list, op), 0, op.card)
    }
    return list
  }

  /** By how much the count of a stage differs on the screen; `home` answers the confirmed stage of a card. */
  delta(stage, home) {
    let sum = 0
    for (const card of new Set(this.#ops.map((op) => op.card))) {
      const op = this.of(card)
      if (!op.past) sum += (op.stage === stage) - (home(card) === stage)
    }
    return sum
  }
}

function slot(list, { after, before }) {
  const above = list.indexOf(after)
  return above >= 0 ? above + 1 : Math.max(0, list.indexOf(before))
}
