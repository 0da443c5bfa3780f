// static/js/avatar.js: the mark of a colleague: initials, with the picture over them where there is one.

/** A mark of these classes for {initials, picture}; decoration, what it means is said beside it. */
export function avatar({ initials, picture }, classes) {
  const mark = Object.assign(document.createElement("span"), { className: `avatar ${classes}`, textContent: initials })
  if (picture) mark.append(Object.assign(new Image(), { src: picture, alt: "" }))
  mark.setAttribute("aria-hidden", "true")
  return mark
}
