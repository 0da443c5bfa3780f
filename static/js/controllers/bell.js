// static/js/controllers/bell.js: how many notifications are unread, live, on the bell and beside its link.

import { digits, t } from "../i18n.js"
import { say } from "../say.js"
import { staffSocket } from "../socket.js"

export default class Bell {
  constructor(element) {
    this.element = element
    this.unread = Number(element.dataset.unread || 0)
    staffSocket()
    document.addEventListener("socket:notification", ({ detail }) => this.show(detail?.unread ?? this.unread + 1))
  }

  show(unread) {
    const { label } = this.element.dataset
    if (unread > this.unread) say(t("new_notification"))
    this.unread = unread
    this.element.querySelector(".pip").hidden = !unread
    this.element.setAttribute("aria-label", unread ? t("notifications_unread", { label, count: unread }) : label)
    for (const count of document.querySelectorAll("[data-unread-count]")) {
      count.textContent = digits(unread)
      count.hidden = !unread
    }
  }
}
