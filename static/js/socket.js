// static/js/socket.js: one connection for each side, made when somebody first asks for it.
//
// Websocket only. Every message is also a DOM event on the document, "socket:<name>" with the payload as its detail;
// "socket:live" says whether the connection stands ({live, first}). Clients come back after 1 to 20 s, each in its time.
//
// A server that is being replaced says so ("server.leaving"): pages connect anew, each at a moment of its own, and
// nothing is said of it. While the servers do not hear of each other ("live.paused") what is shown may be late.

import { io } from "socket.io-client"

const sockets = new Map()

export const staffSocket = () => open("/staff")
export const portalSocket = () => open("/portal")

function open(namespace) {
  if (!sockets.has(namespace)) sockets.set(namespace, connect(namespace))
  return sockets.get(namespace)
}

function connect(namespace) {
  const socket = io(namespace, {
    transports: ["websocket"], closeOnBeforeunload: true,
    reconnectionDelay: 1000, reconnectionDelayMax: 20_000, randomizationFactor: 0.6,
  })
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`socket:${name}`, { detail }))
  let isFirst = true, isMoving = false
  socket.on("connect", () => {
    tell("live", { live: true, first: isFirst })
    isFirst = isMoving = false
  })
  socket.on("disconnect", () => isMoving || tell("live", { live: false, first: false }))
  socket.on("server.leaving", ({ within_ms }) => {
    isMoving = true
    setTimeout(() => socket.disconnect().connect(), Math.random() * within_ms)
  })
  socket.on("live.paused", () => tell("live", { live: false, first: false }))
  socket.on("live.resumed", () => tell("live", { live: true, first: false }))
  socket.on("signed.out", () => {
    socket.disconnect()
    document.dispatchEvent(new CustomEvent("kariz:signed-out"))
  })
  socket.onAny((name, detail) => tell(name, detail))
  addEventListener("online", () => socket.connected || socket.connect())
  return socket
}
