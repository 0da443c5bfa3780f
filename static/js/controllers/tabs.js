// static/js/controllers/tabs.js: tabs within a page. [role=tab][aria-controls] shows its panel; arrows go from tab to tab.

export default class Tabs {
  constructor(element) {
    this.tabs = [...element.querySelectorAll("[role=tab]")]
    element.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]")
      if (tab) this.show(tab)
    })
    element.addEventListener("keydown", (event) => this.#key(event))
    this.show(this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true") ?? this.tabs[0])
  }

  show(chosen) {
    for (const tab of this.tabs) {
      tab.setAttribute("aria-selected", tab === chosen)
      tab.tabIndex = tab === chosen ? 0 : -1
      const panel = document.getElementById(tab.getAttribute("aria-controls"))
      if (panel) panel.hidden = tab !== chosen
    }
  }

  #key(event) {
    const isBack = getComputedStyle(event.currentTarget).direction === "rtl" ? "ArrowRight" : "ArrowLeft"
    const forth = isBack === "ArrowLeft" ? "ArrowRight" : "ArrowLeft"
    const at = this.tabs.indexOf(document.activeElement), { length } = this.tabs
    const to = { [isBack]: (at - 1 + length) % length, [forth]: (at + 1) % length, Home: 0, End: length - 1 }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    this.tabs[to].focus()
    this.show(this.tabs[to])
  }
}
