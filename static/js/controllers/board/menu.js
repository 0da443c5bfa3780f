// static/js/controllers/board/menu.js: the menu of a card, for the "..." button and the key m: every place that a drag
// reaches. Its keys (arrows, Home, End, type-ahead over the stages) are those of every menu, controllers/menu.js.

import { icon } from "../../icon.js"
import { t } from "../../i18n.js"
import { spotAt } from "../../models/drag.js"
import { handle } from "./view.js"

const ID = "card-menu", PHONE = 720

export class CardMenu {
  constructor(board) {
    this.board = board
    for (const face of board.view.faces) name(face)
    board.view.dress.push(name)
    board.element.addEventListener("click", (event) => {
      const face = event.target.closest(".more")?.closest("[data-card]")
      if (face) this.open(Number(face.dataset.card))
    })
  }

  open(card) {
    const old = document.getElementById(ID), button = this.board.view.face(card).querySelector(".more")
    old?.remove()
    if (old?.dataset.of === String(card)) return
    const menu = this.#build(card)
    document.body.append(menu)
    menu.addEventListener("toggle", ({ newState }) => {
      if (newState === "open") return
      menu.remove()
      this.#focus(card)
    })
    menu.showPopover({ source: button })
    stand(menu, button)
    menu.querySelector("button:not([aria-disabled=true])").focus()
  }

  #build(card) {
    const menu = make("div", "menu", {
      id: ID, popover: "auto", role: "menu", "data-controller": "menu", "data-of": card,
      "aria-label": t("board.menu", { item: this.board.view.cardName(card) }),
    })
    menu.addEventListener("focusout", ({ relatedTarget: to }) => to && !menu.contains(to) && menu.hidePopover())
    const stages = make("div", "", { role: "group", "aria-label": t("board.move_to") })
    const head = make("p", "menu-head", { role: "none" }, t("board.move_to"))
    stages.append(head, ...this.#stages(card, menu))
    menu.append(stages, make("hr"), ...this.#places(card, menu), make("hr"), ...this.#others(card, menu))
    return menu
  }

  #stages(card, menu) {
    const { stream, view, canMove } = this.board, here = stream.stageOf(card)
    return view.order.map((stage) => {
      const onTop = () => this.#move(card, spotAt(stage, stream.screen(stage), 0))
      const item = this.#item(menu, card, view.stageName(stage), onTop)
      item.append(icon("tick", "sm tick"))
      item.setAttribute("role", "menuitemradio")
      item.setAttribute("aria-checked", String(stage === here))
      item.setAttribute("aria-disabled", String(stage === here || !canMove))
      return item
    })
  }

  #places(card, menu) {
    const { stream, canMove } = this.board, stage = stream.stageOf(card)
    const all = stream.screen(stage), index = all.indexOf(card)
    const list = all.filter((id) => id !== card), last = stream.columns.edge(stage) ? Infinity : list.length
    return [["top", 0], ["up", index - 1], ["down", index + 1], ["bottom", last]].map(([key, to]) => {
      const spot = { ...spotAt(stage, list, Math.min(to, list.length)), isEnd: key === "bottom" }
      const item = this.#item(menu, card, t(`board.${key}`), () => this.#move(card, spot))
      item.setAttribute("aria-disabled", String(to < 0 || to > last || to === index || !canMove))
      return item
    })
  }

  #others(card, menu) {
    const open = this.#item(menu, card, t("board.open"), () => handle(this.board.view.face(card)).click())
    const take = this.#item(menu, card, t("board.take"), () => this.board.assign(card))
    take.append(make("kbd", "", {}, "A"))
    return [open, take]
  }

  #item(menu, card, text, act) {
    const item = make("button", "", { type: "button", tabindex: "-1", role: "menuitem", "data-stays": "" })
    item.append(make("span", "", { dir: "auto" }, text))
    item.addEventListener("click", () => {
      if (item.getAttribute("aria-disabled") === "true") return
      menu.hidePopover()
      this.#focus(card) // before it moves: the focus goes with it
      act()
    })
    return item
  }

  /** Back to the card, should its face be another by now. */
  #focus(card) {
    const face = this.board.view.face(card)
    if (document.activeElement === document.body && face) handle(face).focus({ preventScroll: true })
  }

  #move(card, spot) {
    const { moves, stream, view, words } = this.board, from = stream.stageOf(card)
    moves.place(card, spot)
    view.show(card)
    words.dropped(card, from)
  }
}

/** Beside its button and inside the window; on phones the style sheet makes it a sheet at the bottom. */
function stand(menu, button) {
  if (innerWidth < PHONE) return
  const at = button.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = menu
  const isRtl = getComputedStyle(button).direction === "rtl"
  const left = isRtl ? at.left : at.right - width, top = at.bottom + height > innerHeight ? at.top - height : at.bottom
  const inside = (value, size, room) => `${Math.max(8, Math.min(value, room - size - 8))}px`
  Object.assign(menu.style, { positionArea: "none", inset: "auto", margin: "0",
    left: inside(left, width, innerWidth), top: inside(top, height, innerHeight) })
}

function make(tag, cls = "", attributes = {}, text = "") {
  const element = document.createElement(tag)
  element.textContent = text
  if (cls) element.className = cls
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

/** The button is called after its card. Faces come without the words: a board has hundreds of them. */
function name(face) {
  const code = face.querySelector("bdi.code").textContent
  face.querySelector(".more").setAttribute("aria-label", t("board.menu", { item: code }))
}
