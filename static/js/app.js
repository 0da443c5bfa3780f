// static/js/app.js: the staff pages. What every page uses is bundled here; the rest is fetched by pages that use it.
// A new behaviour is one line: the word of data-controller, and where its class is.

import Menu from "./controllers/menu.js"
import Search from "./controllers/search.js"
import Shortcuts from "./controllers/shortcuts.js"
import Theme from "./controllers/theme.js"
import Toasts from "./controllers/toasts.js"
import { t } from "./i18n.js"
import { toast } from "./say.js"
import { start } from "./start.js"

start({
  menu: Menu,
  search: Search,
  shortcuts: Shortcuts,
  theme: Theme,
  toasts: Toasts,
  autosize: () => import("./controllers/autosize.js"),
  bell: () => import("./controllers/bell.js"),
  board: () => import("./controllers/board.js"),
  card: () => import("./controllers/card.js"),
  combo: () => import("./controllers/combo.js"),
  composer: () => import("./controllers/composer.js"),
  contrast: () => import("./controllers/contrast.js"),
  "api-docs": () => import("./controllers/api-docs.js"),
  copy: () => import("./controllers/copy.js"),
  focus: () => import("./controllers/focus.js"),
  mentions: () => import("./controllers/mentions.js"),
  rename: () => import("./controllers/rename.js"),
  order: () => import("./controllers/order.js"),
  passkey: () => import("./controllers/passkey.js"),
  picture: () => import("./controllers/picture.js"),
  print: () => import("./controllers/print.js"),
  sample: () => import("./controllers/sample.js"),
  stagebar: () => import("./controllers/stagebar.js"),
  strip: () => import("./controllers/strip.js"),
  tabs: () => import("./controllers/tabs.js"),
  upload: () => import("./controllers/upload.js"),
  week: () => import("./controllers/week.js"),
})

document.addEventListener("kariz:signed-out", () => {
  const action = { label: t("sign_in"), run: () => location.assign("/sign-in") }
  toast(t("signed_out"), { kind: "error", action })
}, { once: true })
