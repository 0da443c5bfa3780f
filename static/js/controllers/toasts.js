// static/js/controllers/toasts.js: messages that came with the page become toasts like any other.

import { show } from "../say.js"

export default class Toasts {
  constructor(element) {
    for (const toast of [...element.children]) show(toast, { seconds: toast.dataset.kind === "error" ? 12 : 6 })
  }
}
