// The model check of the board: whatever the network does, every screen ends equal to the server.
// KARIZ_LONG=1 runs 400 seeds instead of 25.

import assert from "node:assert/strict"
import { test } from "node:test"

import { story } from "./board_world.mjs"

const SEEDS = process.env.KARIZ_LONG ? 400 : 25

/** The first seed that ends with a wrong column; undefined when none does. */
async function firstWrong(seeds, options) {
  for (let seed = 1; seed <= seeds; seed += 1) if ((await story({ seed, ...options })).wrong.length) return seed
}

for (const [name, options] of Object.entries({
  "wide gaps": {},
  "gaps so small that relabelling runs constantly": { step: 2 },
  "relabels sent as stage.reset": { step: 2, resetAbove: 1 },
  "missed events known only by number": { step: 2, replays: false },
})) {
  test(`no wrong column with loss, doubles and shuffling: ${name}`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { world, wrong } = await story({ seed, ...options })
      assert.deepEqual(wrong, [], `seed ${seed}`)
      for (const person of world.people) assert.equal(person.stream.pending.size, 0, `seed ${seed}`)
    }
  })
}

// What the check is for: each of these was somebody's bug once, and it must be seen.

const filtered = (pick) => (stream) => {
  const apply = stream.columns.apply.bind(stream.columns)
  stream.columns.apply = (frame) => apply({ ...frame, relabelled: pick(stream.columns, frame) })
}

function applyOnArrival(stream) {
  const seen = new Set()
  stream.receive = (frame) => {
    stream.heard()
    if (seen.has(frame.seq)) return
    seen.add(frame.seq)
    stream.columns.apply(frame)
    stream.pending.remove((op) => op.op_id === frame.op_id)
    stream.seq = Math.max(stream.seq, frame.seq)
  }
}

/** After a relabel the edge follows the last card that is held. */
function shiftEdge(stream) {
  const { columns } = stream, apply = columns.apply.bind(columns)
  columns.apply = (frame) => {
    const { stage } = frame.card, edge = columns.edge(stage)
    if (!edge || !frame.relabelled.length) return apply(frame)
    const held = frame.relabelled.filter(([id]) => columns.card(id)?.stage === stage)
    const { touched } = apply({ ...frame, relabelled: [] }), total = columns.total(stage)
    columns.extend(stage, { cards: [], edge: null, total })
    for (const [id, rank] of held) apply({ name: "card.moved", card: { id, rank, stage, version: 1 } })
    const last = columns.card(columns.ids(stage).at(-1))
    columns.extend(stage, { cards: [], edge: last ? { rank: last.rank, id: last.id } : edge, total })
    return { touched, torn: new Set() }
  }
}

for (const [name, options, seeds = 10] of [
  ["sequence read after the rows", { lateSeq: true }],
  ["events applied on arrival", { spoil: applyOnArrival }],
  ["relabelled neighbours left out", { step: 2, spoil: filtered(() => []) }],
  ["relabel ignored on part-loaded columns",
    { step: 2, spoil: filtered((columns, { card, relabelled }) => (columns.edge(card.stage) ? [] : relabelled)) }],
  ["edge shifted locally", { step: 2, spoil: shiftEdge }, 60],
]) {
  test(`the check sees a broken board: ${name}`, async () => {
    assert.ok(await firstWrong(seeds, options))
  })
}
