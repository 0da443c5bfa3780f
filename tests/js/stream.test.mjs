// The ordered event buffer of one board, case by case.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { Stream } from "../../static/js/models/stream.js"
import { board, frame } from "./stream_parts.mjs"

let stream, asked, answers, timers, changes, lives, calls, now

beforeEach(() => {
  asked = []; answers = []; timers = []; changes = []; lives = []; calls = []; now = 0
  stream = new Stream(board(), {
    ask: (query) => { asked.push(query); return Promise.resolve(answers.shift()) },
    later: (ms, run) => { const timer = { at: now + ms, run }; timers.push(timer); return timer },
    cancel: (timer) => { timers = timers.filter((other) => other !== timer) },
    random: () => 0,
    changed: (change) => changes.push(change), live: (live) => lives.push(live),
    rejoin: () => calls.push("rejoin"), reload: () => calls.push("reload"),
  })
})

async function pass(ms) {
  now += ms
  const due = timers.filter((timer) => timer.at <= now)
  timers = timers.filter((timer) => timer.at > now)
  for (const { run } of due) run()
  for (let tick = 0; tick < 10; tick += 1) await null
}

test("the next frame is applied, an old one dropped, a doubled one applied once", () => {
  stream.receive(frame(6, 10, 2, 500))
  stream.receive(frame(6, 10, 2, 500))
  stream.receive(frame(5, 11, 2, 100))
  assert.deepEqual([stream.screen(1), stream.screen(2), stream.seq], [[11, 12], [10], 6])
  assert.equal(changes.length, 1)
})

test("frames in the wrong order are applied in theirs, without a request", async () => {
  stream.receive(frame(7, 10, 1, 350))
  assert.deepEqual(stream.screen(1), [10, 11, 12])
  stream.receive(frame(6, 10, 2, 500))
  assert.deepEqual(stream.screen(1), [11, 12, 10])
  await pass(1000)
  assert.deepEqual(asked, [])
})

test("a hole is asked for after 400 ms, from the last applied seq", async () => {
  answers.push({ seq: 7, epoch: 1, events: [frame(6, 11, 2, 500), frame(7, 10, 1, 350)], stages: {} })
  stream.receive(frame(7, 10, 1, 350))
  await pass(399)
  assert.equal(asked.length, 0)
  await pass(1)
  assert.deepEqual(asked, [{ epoch: 1, seq: 5, stages: {} }])
  assert.deepEqual([stream.screen(1), stream.screen(2), stream.seq], [[12, 10], [11], 7])
})

test("missed events that do not say what happened: all windows are asked for", async () => {
  const rows = (ids) => ({ cards: ids.map((id, rank) => ({ id, rank, version: 1 })), edge: null, total: ids.length })
  answers.push({ seq: 6, epoch: 1, events: [{ ...frame(6), card: null }], stages: {} })
  answers.push({ seq: 6, epoch: 1, events: [], stages: { 1: rows([12, 10]), 2: rows([11]), 3: rows([30]) } })
  stream.head({ epoch: 1, seq: 6 })
  await pass(400)
  await pass(400)
  assert.deepEqual(asked.map(({ stages }) => stages), [{}, { 1: 30, 2: 30, 3: 30 }])
  assert.deepEqual([stream.screen(1), stream.screen(2), stream.screen(3)], [[12, 10], [11], [30]])
})

test("a heartbeat tells of a lost last frame", async () => {
  answers.push({ seq: 6, epoch: 1, events: [frame(6, 11, 2, 500)], stages: {} })
  stream.head({ epoch: 1, seq: 6 })
  await pass(400)
  assert.deepEqual(stream.screen(2), [11])
  stream.head({ epoch: 1, seq: 6 })
  await pass(400)
  assert.equal(asked.length, 1)
})

test("a failed call is repeated, later each time", async () => {
  stream.head({ epoch: 1, seq: 6 })
  await pass(400)
  await pass(999)
  assert.equal(asked.length, 1)
  await pass(1)
  assert.equal(asked.length, 2)
  await pass(2000)
  assert.equal(asked.length, 3)
})

test("no sign of life for 40 s is shown, the next one takes it back", async () => {
  stream.head({ epoch: 1, seq: 5 })
  await pass(39_999)
  assert.deepEqual(lives, [true])
  await pass(1)
  assert.deepEqual([lives, calls], [[true, false], ["rejoin"]])
  stream.receive(frame(6, 10, 2, 500))
  assert.deepEqual(lives, [true, false, true])
})

test("a closed socket is shown sooner, a short interruption not at all", async () => {
  stream.head({ epoch: 1, seq: 5 })
  stream.lost()
  await pass(4000)
  stream.joined({ epoch: 1, seq: 5 })
  await pass(4000)
  assert.deepEqual(lives, [true])
  stream.lost()
  await pass(5000)
  assert.deepEqual(lives, [true, false])
})

test("while an answer is under way frames wait, then both meet at one seq", async () => {
  let answer
  answers.push(new Promise((resolve) => { answer = resolve }))
  stream.head({ epoch: 1, seq: 7 })
  await pass(400)
  stream.receive(frame(6, 10, 2, 500))
  stream.receive(frame(8, 12, 2, 600))
  assert.equal(stream.seq, 5)
  answer({ seq: 7, epoch: 1, events: [frame(6, 10, 2, 500), frame(7, 11, 2, 400)], stages: {} })
  await pass(0)
  assert.deepEqual([stream.screen(2), stream.seq], [[11, 10, 12], 8])
})

test("too far behind, or redesigned: the page is loaded anew", async () => {
  answers.push({ seq: 900, epoch: 1, reload: true })
  await stream.sync()
  assert.deepEqual(calls, ["reload"])
  stream.receive(frame(6, 10, 1, 1, { name: "pipeline.redesigned", card: null }))
  assert.deepEqual(calls, ["reload", "reload"])
})

test("a change of access joins the new room and goes on", () => {
  stream.receive(frame(6, 0, 0, 0, { name: "access.changed", card: null }))
  assert.deepEqual(calls, ["rejoin"])
  stream.joined({ epoch: 2, seq: 6 })
  stream.head({ epoch: 2, seq: 6 })
  stream.head({ epoch: 1, seq: 6 })
  assert.deepEqual([calls, stream.epoch], [["rejoin"], 2])
})

test("an epoch that came unseen loads the page anew, whoever tells of it", async () => {
  stream.joined({ epoch: 2, seq: 5 })
  answers.push({ seq: 5, epoch: 2, events: [], stages: {} })
  await stream.sync()
  assert.deepEqual(calls, ["reload", "reload"])
})

test("a frame of a newer epoch asks to join", () => {
  stream.receive(frame(6, 10, 2, 500, { epoch: 2 }))
  stream.head({ epoch: 2, seq: 6 })
  assert.deepEqual(calls, ["rejoin", "rejoin"])
})

test("counts come from events, for stages out of sight too", () => {
  stream.receive(frame(6, 99, 3, 900, { counts: { 3: { total: 10 }, 77: { total: 1 } } }))
  assert.deepEqual([stream.total(3), stream.screen(3)], [10, [30, 31]])
})

test("closed and left cards leave the board, reopened ones return", () => {
  stream.receive(frame(6, 10, 1, 100, { name: "card.closed" }))
  stream.receive(frame(7, 11, 1, 200, { name: "card.left" }))
  assert.deepEqual(stream.screen(1), [12])
  stream.receive(frame(8, 10, 1, 50, { name: "card.reopened" }))
  assert.deepEqual(stream.screen(1), [10, 12])
})

test("relabelled cards take their new ranks", () => {
  stream.receive(frame(6, 12, 1, 150, { relabelled: [[10, 160], [11, 140]] }))
  assert.deepEqual(stream.screen(1), [11, 12, 10])
})

test("a relabel that crosses the loaded edge asks for that window, others do not", async () => {
  stream.receive(frame(6, 40, 3, 150, { relabelled: [[30, 120], [77, 900]] }))
  assert.deepEqual(stream.screen(3), [30, 40, 31])
  await pass(400)
  assert.deepEqual(asked, [])
  const cards = [[30, 120], [40, 150], [31, 990]].map(([id, rank]) => ({ id, rank, version: 1 }))
  answers.push({ seq: 7, epoch: 1, events: [], stages: { 3: { cards, edge: null, total: 3 } } })
  stream.receive(frame(7, 40, 3, 150, { relabelled: [[31, 990]] }))
  assert.deepEqual(stream.screen(3), [30, 40])
  await pass(400)
  assert.deepEqual(asked, [{ epoch: 1, seq: 7, stages: { 3: 30 } }])
  assert.deepEqual([stream.screen(3), stream.total(3)], [[30, 40, 31], 3])
})

test("stage.reset asks for the stage, loaded whole or not", async () => {
  stream.receive(frame(6, 12, 1, 50, { name: "stage.reset" }))
  await pass(400)
  assert.deepEqual(asked[0].stages, { 1: 30 })
})

// Pending moves.

const op = (op_id, card, stage, after, before) => ({ op_id, card, stage, after, before })

test("a move shows at once, counts included, and its own event confirms it", () => {
  stream.begin(op("a", 10, 2))
  assert.deepEqual([stream.screen(1), stream.screen(2), stream.total(1), stream.total(2)], [[11, 12], [10], 2, 1])
  stream.receive(frame(6, 10, 2, 500, { op_id: "a", counts: { 1: { total: 2 }, 2: { total: 1 } } }))
  assert.equal(stream.pending.size, 0)
  assert.deepEqual([stream.screen(2), stream.total(1), stream.total(2)], [[10], 2, 1])
})

test("a failed move goes back alone: somebody's later move stays", () => {
  stream.begin(op("a", 10, 2))
  stream.begin(op("b", 11, 2, 10))
  stream.receive(frame(6, 12, 2, 500))
  stream.fail("a")
  assert.deepEqual([stream.screen(1), stream.screen(2)], [[10], [11, 12]])
})

test("an accepted move stays laid over until its seq is applied", async () => {
  answers.push({ seq: 6, epoch: 1, events: [frame(6, 10, 2, 500, { op_id: "a" })], stages: {} })
  stream.begin(op("a", 10, 2))
  stream.accept("a", 6)
  assert.deepEqual([stream.pending.size, stream.screen(2)], [1, [10]])
  await pass(400)
  assert.deepEqual([stream.pending.size, stream.screen(2)], [0, [10]])
})

test("a rule that sends the card on is success, whichever news comes first", () => {
  stream.begin(op("a", 10, 2))
  stream.receive(frame(6, 10, 2, 500, { op_id: "a" }))
  stream.receive(frame(7, 10, 3, 50))
  stream.accept("a", 6)
  assert.deepEqual([stream.screen(2), stream.screen(3)], [[], [10, 30, 31]])
})

test("anchors are ids: a pending move keeps its neighbour while others change the column", () => {
  stream.begin(op("a", 12, 1, 10))
  stream.receive(frame(6, 10, 1, 900))
  assert.deepEqual(stream.screen(1), [11, 10, 12])
  stream.receive(frame(7, 10, 2, 900))
  assert.deepEqual(stream.screen(1), [12, 11])
})

test("a card dropped at the end of a window stays in sight until the window includes it", async () => {
  const rows = [[30, 100], [31, 200], [10, 250]].map(([id, rank]) => ({ id, rank, version: 6 }))
  answers.push({ seq: 6, epoch: 1, events: [], stages: { 3: { cards: rows, edge: { rank: 250, id: 10 }, total: 10 } } })
  stream.begin(op("a", 10, 3, 31))
  stream.receive(frame(6, 10, 3, 250, { op_id: "a", counts: { 3: { total: 10 } } }))
  assert.deepEqual([stream.screen(3), stream.total(3)], [[30, 31, 10], 10])
  await pass(400)
  assert.deepEqual([stream.screen(3), stream.total(3), stream.pending.size], [[30, 31, 10], 10, 0])
})

// Pages.

const page = (seq) => async () => ({ seq, cards: [{ id: 32, rank: 300, version: 1 }], edge: null, total: 9 })

test("the next page joins its stage; a stage that is whole has none", async () => {
  assert.equal(await stream.more(3, page(5)), true)
  assert.deepEqual([stream.screen(3), stream.columns.edge(3)], [[30, 31, 32], null])
  assert.equal(await stream.more(3, page(5)), false)
})

test("a page newer than the stream waits for the frames in between", async () => {
  const loading = stream.more(3, page(6))
  stream.receive(frame(6, 31, 2, 1))
  await loading
  assert.deepEqual([stream.screen(3), stream.screen(2), stream.seq], [[30, 32], [31], 6])
})

test("a page that does not meet the stream is thrown away and the window asked for, longer", async () => {
  await stream.more(3, page(8))
  assert.deepEqual(stream.screen(3), [30, 31])
  await pass(400)
  assert.deepEqual(asked[0].stages, { 3: 32 })
})

test("while the servers do not hear of each other it is not called live and asks now and then", async () => {
  stream.head({ epoch: 1, seq: 5 })
  stream.pause()
  stream.pause()
  stream.receive(frame(6, 10, 2, 500))
  assert.deepEqual([lives, stream.screen(2)], [[true, false], [10]])
  await pass(12_000)
  await pass(12_000)
  assert.equal(asked.length, 2)
  stream.resume()
  assert.deepEqual(lives, [true, false, true])
  assert.equal(asked.length, 3)
  await pass(30_000)
  assert.equal(asked.length, 3)
})

test("a socket that closed is heard of anew when it is back, whatever was paused before", async () => {
  stream.head({ epoch: 1, seq: 5 })
  stream.pause()
  stream.lost()
  stream.joined({ epoch: 1, seq: 5 })
  assert.deepEqual(lives, [true, false, true])
})
