// static/js/portal.js: the customers' pages. A new behaviour is one line: the word of data-controller, and its class.

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
  "portal-again": () => import("./controllers/portal-again.js"),
  "portal-code": () => import("./controllers/portal-code.js"),
  "portal-live": () => import("./controllers/portal-live.js"),
  "portal-request": () => import("./controllers/portal-request.js"),
  tabs: () => import("./controllers/tabs.js"),
  upload: () => import("./controllers/upload.js"),
})

document.addEventListener("kariz:signed-out", () => {
  const action = { label: t("sign_in"), run: () => location.assign("/portal/sign-in") }
  toast(t("signed_out"), { kind: "error", action })
}, { once: true })
