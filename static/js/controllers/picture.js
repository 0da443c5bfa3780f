// static/js/controllers/picture.js: the chosen picture shows at once where it will stand; saving keeps it.

export default class Picture {
  constructor(row) {
    const input = row.querySelector("input[type=file]")
    input.addEventListener("change", () => {
      const [file] = input.files
      if (!file) return
      const image = row.querySelector(".avatar img") ?? row.querySelector(".avatar").appendChild(new Image())
      image.alt = ""
      image.src = URL.createObjectURL(file)
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true })
      row.querySelector("[data-chosen]").textContent = file.name
    })
  }
}
