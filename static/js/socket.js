// static/js/socket.js: one connection for each side, made when somebody first asks for it.
//
// Websocket only. Every message is also a DOM event on the document, "socket:<name>" with the payload as its detail;
// "socket:live" says whether the connection stands ({live, first}). Clients come back after 1 to 20 s, each in its time.

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
  let isFirst = true
  socket.on("connect", () => {
    tell("live", { live: true, first: isFirst })
    isFirst = false
  })
  socket.on("disconnect", () => tell("live", { live: false, first: false }))
  socket.on("signed.out", () => {
    socket.disconnect()
    document.dispatchEvent(new CustomEvent("kariz:signed-out"))
  })
  socket.onAny((name, detail) => tell(name, detail))
  addEventListener("online", () => socket.connected || socket.connect())
  return socket
}
