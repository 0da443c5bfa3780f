// static/js/controllers/stagebar.js: on phones one column fills the screen; the bar says which, and goes to another.

export default class Stagebar {
  constructor(element) {
    this.links = new Map([...element.querySelectorAll("a[href^='#']")].map((link) => [link.hash.slice(1), link]))
    const columns = [...this.links.keys()].map((id) => document.getElementById(id)).filter(Boolean)
    const options = { root: columns[0]?.parentElement, threshold: 0.6 }
    this.watcher = new IntersectionObserver((entries) => this.#seen(entries), options)
    for (const column of columns) this.watcher.observe(column)
    element.addEventListener("click", (event) => this.#go(event))
  }

  disconnect() { this.watcher.disconnect() }

  #seen(entries) {
    const seen = entries.find((entry) => entry.isIntersecting)?.target.id
    if (!seen) return
    for (const [id, link] of this.links) {
      if (id === seen) link.setAttribute("aria-current", "true")
      else link.removeAttribute("aria-current")
    }
    this.links.get(seen).scrollIntoView({ block: "nearest", inline: "nearest" })
  }

  #go(event) {
    const column = document.getElementById(event.target.closest("a")?.hash.slice(1))
    if (!column) return
    event.preventDefault()
    column.scrollIntoView({ block: "nearest", inline: "start", behavior: "smooth" })
  }
}
