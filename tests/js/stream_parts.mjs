// A board as its page delivers it, and a frame of news.

/** Three cards in stage 1 (10, 11, 12 at ranks 100, 200, 300), none in stage 2, stage 3 loaded up to card 31 at 200. */
export function board() {
  const rows = (ids, start = 100) => ids.map((id, index) => ({ id, rank: start + index * 100, version: 1 }))
  return { epoch: 1, seq: 5, stages: [
    { id: 1, cards: rows([10, 11, 12]), edge: null, total: 3 },
    { id: 2, cards: [], edge: null, total: 0 },
    { id: 3, cards: rows([30, 31]), edge: { rank: 200, id: 31 }, total: 9 },
  ] }
}

export const frame = (seq, id, stage, rank, more = {}) => ({
  v: 1, epoch: 1, seq, name: "card.moved", op_id: null, card: { id, stage, rank, version: seq }, relabelled: [],
  counts: {}, ...more,
})
