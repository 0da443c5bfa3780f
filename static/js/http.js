// static/js/http.js: requests of scripts. Always an answer, never an exception: no connection is an answer of status 0.

import { t } from "./i18n.js"

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? ""

/**
 * Promises {ok, status, data, text}: `data` of a JSON answer, `text` of any other.
 * `accept`: what is asked for; `body`: FormData, URLSearchParams, or a plain object, which is sent as JSON.
 */
export async function send(url, { method = "GET", body, accept = "application/json", signal, headers = {} } = {}) {
  const isPlain = body && Object.getPrototypeOf(body) === Object.prototype
  const head = { Accept: accept, "X-Requested-With": "fetch", ...headers }
  if (method !== "GET") head["X-CSRFToken"] = token()
  if (isPlain) head["Content-Type"] = "application/json"
  try {
    const response = await fetch(url, { method, headers: head, body: isPlain ? JSON.stringify(body) : body, signal })
    return await read(response)
  } catch (error) {
    if (error.name === "AbortError") return { ok: false, status: 0, aborted: true }
    return { ok: false, status: 0, data: { code: "offline", detail: t("offline") } }
  }
}

async function read(response) {
  const { ok, status } = response, text = await response.text()
  if (status === 401) document.dispatchEvent(new CustomEvent("kariz:signed-out"))
  if (!response.headers.get("Content-Type")?.includes("json")) return { ok, status, text }
  return { ok, status, data: text ? JSON.parse(text) : null }
}

export const get = (url, options) => send(url, options)
export const post = (url, body, options) => send(url, { ...options, method: "POST", body })

/** A piece of a page, as htmx would ask for it. */
export const fragment = (url) => send(url, { accept: "text/html", headers: { "HX-Request": "true" } })
