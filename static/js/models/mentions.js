// static/js/models/mentions.js: finding the name that is being typed after an @, and putting the chosen one in its place.

// Two words at most, half-spaces inside; the @ begins a word, so that e-mail addresses are left alone.
const BEING_TYPED = /(?:^|[\s([{«"'،؛])@([^\s@]{0,30}(?: [^\s@]{0,30})?)$/u

/** {start, query} of the mention that ends at the caret, or null. `start` is the place of the @. */
export function mentionAt(text, caret) {
  const found = BEING_TYPED.exec(text.slice(0, caret))
  return found && { start: caret - found[1].length - 1, query: found[1] }
}

/** {text, caret} with the mention that ends at `caret` completed to the name. */
export function complete(text, { start, caret, name }) {
  const before = `${text.slice(0, start)}@${name} `
  return { text: before + text.slice(caret).replace(/^ /, ""), caret: before.length }
}

/** Of the chosen people, [{id, name}], those who still stand in the text. */
export function stillNamed(text, chosen) {
  return chosen.filter(({ name }) => text.includes(`@${name}`))
}
