// static/js/controllers.js: binds behaviour to elements. `data-controller="menu upload"` gives an element one instance
// of each class, once, whether it was in the page or came later.

export class Controllers {
  #known
  #bound = new Map() // element -> {name: instance}

  /** `known`: name -> class, or name -> () => import(...) of a module whose default is the class. */
  constructor(known) { this.#known = known }

  /** Binds what is there and watches for what comes and goes. */
  start(root = document.documentElement) {
    this.bind(root)
    new MutationObserver((changes) => {
      for (const { addedNodes, removedNodes } of changes) {
        for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) this.bind(node)
        if (removedNodes.length) this.#release()
      }
    }).observe(root, { childList: true, subtree: true })
  }

  bind(root) {
    if (root.matches("[data-controller]")) this.#bindOne(root)
    for (const element of root.querySelectorAll("[data-controller]")) this.#bindOne(element)
  }

  #bindOne(element) {
    const own = this.#bound.get(element) ?? {}
    this.#bound.set(element, own)
    for (const name of element.dataset.controller.split(/\s+/).filter(Boolean)) {
      if (name in own) continue
      own[name] = null
      this.#make(name, element, own)
    }
  }

  async #make(name, element, own) {
    const known = this.#known[name]
    if (!known) return console.warn(`no controller ${name}`)
    const Controller = known.prototype ? known : (await known()).default
    if (element.isConnected) own[name] = new Controller(element)
    else delete own[name]
  }

  /** Elements that left for good say good-bye; a moved one is in the page again by now. */
  #release() {
    for (const [element, own] of this.#bound) {
      if (element.isConnected) continue
      this.#bound.delete(element)
      for (const instance of Object.values(own)) instance?.disconnect?.()
    }
  }
}
