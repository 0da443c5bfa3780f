// The name that is being typed after an @, and the chosen one in its place.

import assert from "node:assert/strict"
import { test } from "node:test"
import { complete, mentionAt, stillNamed } from "../../static/js/models/mentions.js"

const at = (text) => mentionAt(text.replace("|", ""), text.indexOf("|"))

test("an @ at the beginning of a word begins a name", () => {
  assert.deepEqual(at("@|"), { start: 0, query: "" })
  assert.deepEqual(at("سلام @رض|"), { start: 5, query: "رض" })
  assert.deepEqual(at("ببین\n@رضا پاک|"), { start: 5, query: "رضا پاک" })
  assert.deepEqual(at("(@sa|ra"), { start: 1, query: "sa" })
  assert.deepEqual(at("@علی‌رضا|"), { start: 0, query: "علی‌رضا" })
})

test("an address, a third word and a plain text are no names", () => {
  for (const text of ["nika@exa|mple.com", "@رضا پاکزاد سلام|", "سلام|", "|@رضا"]) assert.equal(at(text), null, text)
})

test("the chosen name takes the place of what was typed, with one space after it", () => {
  const text = "ببین @رض لطفاً", caret = 8
  const done = complete(text, { ...mentionAt(text, caret), caret, name: "رضا پاکزاد" })
  assert.equal(done.text, "ببین @رضا پاکزاد لطفاً")
  assert.equal(done.caret, "ببین @رضا پاکزاد ".length)
})

test("who is deleted from the text is named no longer", () => {
  const chosen = [{ id: 1, name: "رضا پاکزاد" }, { id: 2, name: "سارا امینی" }]
  assert.deepEqual(stillNamed("@سارا امینی ببین", chosen), [chosen[1]])
})
