// A world without real time: one BoardServer, several people with a Stream each, and a network that loses, doubles and
// shuffles. The same seed tells the same story.

import { Stream } from "../../static/js/models/stream.js"
import { BoardServer } from "./board_server.mjs"

const STAGES = [1, 2, 3, 4], HEARTBEAT = 15_000

export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

export class World {
  #queue = []

  constructor({ seed, step, resetAbove, replays, loss = 0.1, doubles = 0.05, lateSeq = false, spoil = () => {} }) {
    Object.assign(this, { random: randomOf(seed), loss, doubles, lateSeq, spoil, now: 0, people: [] })
    this.server = new BoardServer({ stages: STAGES, step, resetAbove, replays, emit: (frame) => this.broadcast(frame) })
    for (let n = 0; n < 48; n += 1) this.server.open(this.pick(STAGES))
    this.beat()
  }

  pick(list) { return list[Math.floor(this.random() * list.length)] }
  chance(share) { return this.random() < share }

  later(ms, run) {
    const entry = { at: this.now + ms, run }
    let low = 0, high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#queue[middle].at > entry.at) low = middle + 1
      else high = middle
    }
    this.#queue.splice(low, 0, entry)
    return entry
  }

  cancel(entry) { if (entry) entry.run = null }

  /** Lets `ms` of the world's time go by. */
  async run(ms) {
    const end = this.now + ms
    while (this.#queue.length && this.#queue.at(-1).at <= end) {
      const { at, run } = this.#queue.pop()
      if (!run) continue
      this.now = at
      if (run()) for (let tick = 0; tick < 8; tick += 1) await null
    }
    this.now = end
  }

  broadcast(frame) {
    for (const person of this.people) this.deliver(() => person.stream.receive(structuredClone(frame)))
  }

  deliver(receive) {
    if (this.chance(this.loss)) return
    const times = this.chance(this.doubles) ? 2 : 1
    for (let n = 0; n < times; n += 1) this.later(5 + this.random() ** 3 * 1500, () => void receive())
  }

  beat() {
    const { epoch, seq } = this.server
    for (const person of this.people) this.deliver(() => person.stream.head({ epoch, seq }))
    this.later(HEARTBEAT, () => void this.beat())
  }

  /** A request: the server works in the middle, and either half of the way may be lost: the answer is null. */
  http(work) {
    return new Promise((resolve) => {
      const lost = () => this.later(2_000, () => (resolve(null), true))
      if (this.chance(this.loss)) return lost()
      this.later(5 + this.random() * 100, () => {
        const body = structuredClone(work())
        if (this.lateSeq) this.later(this.random() * 80, () => void (body.seq &&= this.server.seq))
        if (this.chance(this.loss)) return void lost()
        this.later(85 + this.random() * 300, () => (resolve(body), true))
      })
    })
  }
}

export class Person {
  constructor(world, { window }) {
    Object.assign(this, { world, window, lives: [], reloads: 0, rejoins: 0, changes: [] })
    const { server } = world
    const stages = STAGES.map((id) => ({ id, ...server.page(id, null, window) }))
    this.stream = new Stream({ epoch: server.epoch, seq: server.seq, stages }, {
      ask: (query) => world.http(() => server.sync(query)),
      later: (ms, run) => world.later(ms, () => (run(), true)),
      cancel: (entry) => world.cancel(entry),
      random: world.random,
      changed: (change) => this.changes.push(change),
      live: (live) => this.lives.push(live),
      rejoin: () => { this.rejoins += 1 },
      reload: () => { this.reloads += 1 },
    })
    world.spoil(this.stream)
    world.people.push(this)
    this.ops = 0
  }

  /** Drags a random card of the own screen to a random place, as the page does. */
  async move() {
    const { world, stream } = this
    const card = world.pick(stream.screen(world.pick(STAGES)))
    if (card === undefined || stream.pending.of(card)) return
    const stage = world.pick(STAGES), list = stream.screen(stage).filter((id) => id !== card)
    const slot = world.chance(0.4) ? 1 : Math.floor(world.random() * (list.length + 1))
    const op_id = `${world.people.indexOf(this)}:${this.ops++}`
    const op = { op_id, card, stage, after: list[slot - 1], before: list[slot] }
    const base_version = stream.versionOf(card)
    stream.begin(op)
    for (let tries = 0; tries < 4; tries += 1) {
      const answer = await world.http(() => world.server.move(card, { ...op, base_version }))
      if (answer?.status === 200) return stream.accept(op.op_id, answer.body.seq)
      if (answer) break
    }
    stream.fail(op.op_id)
  }

  async more() {
    const { world, stream, window } = this, stage = world.pick(STAGES)
    await stream.more(stage, (edge) => world.http(() => world.server.page(stage, edge, window)))
  }

  /** The stages in which this screen differs from the server: order inside the window, or count. */
  wrong() {
    return STAGES.filter((stage) => {
      const edge = this.stream.columns.edge(stage), all = this.world.server.column(stage)
      const inside = edge ? all.filter(({ rank, id }) => (rank - edge.rank || id - edge.id) <= 0) : all
      const ids = inside.map((card) => card.id).join()
      return this.stream.screen(stage).join() !== ids || this.stream.total(stage) !== all.length
    })
  }
}

/** 300 moves of four people and what else happens on a board, then quiet. Answers the world and its wrong columns. */
export async function story(options) {
  const world = new World(options)
  for (const window of [2, 4, 9, 1000]) new Person(world, { window })
  for (let n = 0; n < 300; n += 1) {
    world.later(world.random() * 60_000, () => (void world.pick(world.people).move(), true))
    if (n % 6 === 0) world.later(world.random() * 60_000, () => void somethingElse(world))
    if (n % 12 === 0) world.later(world.random() * 60_000, () => (void world.pick(world.people).more(), true))
  }
  await world.run(60_000)
  await world.run(120_000)
  return { world, wrong: world.people.flatMap((person) => person.wrong()) }
}

function somethingElse({ server, random }) {
  const card = [...server.cards.keys()][Math.floor(random() * server.cards.size)]
  if (random() < 0.5) server.open(STAGES[Math.floor(random() * STAGES.length)])
  else if (random() < 0.5) server.close(card)
  else server.change(card)
}
