// The rules of a drag: when it starts, where the card would land, how the edges pull.

import assert from "node:assert/strict"
import { test } from "node:test"

import { columnAt, neighbour, Press, pull, slotAt, spotAt } from "../../static/js/models/drag.js"

test("a mouse drags after 5 pixels; a shorter way stays a click", () => {
  const press = new Press({ x: 100, y: 100, isMouse: true })
  assert.equal(press.moved(103, 104), "wait")
  assert.equal(press.moved(104, 105), "start")
})

test("a finger that moves before the hold is over scrolls; a trembling one may go on", () => {
  const press = new Press({ x: 100, y: 100, isMouse: false })
  assert.equal(press.moved(106, 108), "wait")
  assert.equal(press.moved(106, 112), "leave")
})

test("a column is found by screen sides, so in either direction; a gap belongs to the nearer one", () => {
  const ltr = [{ id: 1, left: 0, right: 100 }, { id: 2, left: 112, right: 212 }]
  for (const boxes of [ltr, [...ltr].reverse()]) {
    assert.equal(columnAt(boxes, 50).id, 1)
    assert.equal(columnAt(boxes, 104).id, 1)
    assert.equal(columnAt(boxes, 109).id, 2)
    assert.equal(columnAt(boxes, 900).id, 2)
  }
  assert.equal(columnAt([], 5), null)
})

test("a slot lies between the middles of two cards", () => {
  const boxes = [{ id: 1, top: 0, bottom: 100 }, { id: 2, top: 110, bottom: 150 }]
  assert.deepEqual(slotAt(boxes, 20), { after: undefined, before: 1 })
  assert.deepEqual(slotAt(boxes, 60), { after: 1, before: 2 })
  assert.deepEqual(slotAt(boxes, 900), { after: 2, before: undefined })
  assert.deepEqual(slotAt([], 20), { after: undefined, before: undefined })
})

test("edges pull harder the nearer the pointer is, and beyond them as hard as they can", () => {
  assert.equal(pull(600, 0, 1200), 0)
  assert.ok(pull(30, 0, 1200) < pull(60, 0, 1200) && pull(60, 0, 1200) < 0)
  assert.equal(pull(-300, 0, 1200), pull(0, 0, 1200))
  assert.equal(pull(1200, 0, 1200), 20)
  assert.ok(pull(390, 0, 390) < 10, "a phone's screen goes by in a second, not at once")
})

const board = { 1: [10, 11, 12], 2: [20], 3: [] }
const stream = {
  screen: (stage) => board[stage] ?? [],
  stageOf: (card) => [1, 2, 3].find((stage) => board[stage].includes(card)),
}
const step = (card, move) => neighbour(stream, [1, 2, 3], card, { stages: 0, rows: 0, ...move })

test("one row down or up, and no further than the column goes", () => {
  assert.deepEqual(step(10, { rows: 1 }), { stage: 1, after: 11, before: 12 })
  assert.deepEqual(step(12, { rows: -1 }), { stage: 1, after: 10, before: 11 })
  assert.equal(step(10, { rows: -1 }), null)
  assert.equal(step(12, { rows: 1 }), null)
})

test("into the next stage at the same height, or its end", () => {
  assert.deepEqual(step(10, { stages: 1 }), { stage: 2, after: undefined, before: 20 })
  assert.deepEqual(step(12, { stages: 1 }), { stage: 2, after: 20, before: undefined })
  assert.deepEqual(step(20, { stages: 1 }), spotAt(3, [], 0))
  assert.equal(step(10, { stages: -1 }), null)
})
