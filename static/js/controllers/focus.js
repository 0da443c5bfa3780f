// static/js/controllers/focus.js: what has to be read first gets the focus: the summary of what is wrong in a form.

export default class Focus {
  constructor(element) { element.focus() }
}
