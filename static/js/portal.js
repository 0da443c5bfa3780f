// static/js/portal.js: the customers' pages. A new behaviour is one line: the word of data-controller, and where its class is.

import Menu from "./controllers/menu.js"
import Toasts from "./controllers/toasts.js"
import { t } from "./i18n.js"
import { toast } from "./say.js"
import { start } from "./start.js"

start({
  menu: Menu,
  toasts: Toasts,
  autosize: () => import("./controllers/autosize.js"),
  copy: () => import("./controllers/copy.js"),
  focus: () => import("./controllers/focus.js"),
  tabs: () => import("./controllers/tabs.js"),
  upload: () => import("./controllers/upload.js"),
})

document.addEventListener("kariz:signed-out", () => {
  toast(t("signed_out"), { kind: "error", action: { label: t("sign_in"), run: () => location.assign("/portal/sign-in") } })
}, { once: true })
