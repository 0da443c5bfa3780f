// static/js/controllers/portal-request.js: the steps of a new request follow each other on one page. A department brings its
// answers; a form that is there already stays with all that was typed and chosen, and only learns the department.

import { fragment } from "../http.js"

export default class PortalRequest {
  constructor(element) {
    this.element = element
    element.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-step]")
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
      event.preventDefault()
      this.go(link)
    })
  }

  async go(link) {
    const url = new URL(link.href), form = this.element.querySelector("#step-write")
    if (form) url.searchParams.set("write", "1")
    const answer = await fragment(url.pathname + url.search)
    if (!answer.ok || !answer.text) return location.assign(link.href)
    const template = document.createElement("template")
    template.innerHTML = answer.text
    for (const id of ["step-about", "step-next", "step-write"]) this.#put(id, template.content.getElementById(id))
    history.replaceState(null, "", url)
    this.#lead(link)
  }

  #put(id, fresh) {
    const old = this.element.querySelector(`#${id}`)
    if (!fresh) return
    if (!old) this.element.append(fresh)
    else if (id === "step-write") this.#teach(old, fresh)
    else old.replaceWith(fresh)
  }

  #teach(form, fresh) {
    form.elements.department.value = fresh.elements.department.value
    form.querySelector(".num").textContent = fresh.querySelector(".num").textContent
  }

  /** On to what the step opened, without a jump of what is in view already. */
  #lead(link) {
    const next = this.element.querySelector(link.hash)
    const here = this.element.querySelector(`[data-department="${link.dataset.department}"]`)
    if (here) here.focus({ preventScroll: true })
    else next?.querySelector("input:not([type=hidden]), select, textarea")?.focus({ preventScroll: true })
    next?.scrollIntoView({ block: "nearest", behavior: "smooth" })
  }
}
