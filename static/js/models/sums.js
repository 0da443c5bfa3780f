// static/js/models/sums.js: the arithmetic of an order as the server does it: whole rials, tax for each line, half up.

/** Rials of an amount typed in a unit of `rials` rials; 0 for what is no amount. */
export function parseAmount(text, rials, ascii) {
  const plain = ascii(text).replace(/[٬,،'\s\u200e\u200f]/g, "").replace("٫", ".")
  return /^\d+(\.\d+)?$/.test(plain) ? Math.round(Number(plain) * rials) : 0
}

/** A line's {gross, discount, total, vat}; a discount never exceeds the price. `vat`: hundredths of a percent. */
export function lineSums({ price, quantity, discount, vat }) {
  const gross = price * quantity, off = Math.min(Math.max(discount, 0), gross), total = gross - off
  return { gross, discount: off, total, vat: Math.floor((total * vat + 5000) / 10000) }
}

/** The header of lines that are reckoned already. */
export function orderSums(lines, shipping) {
  const sum = (name) => lines.reduce((all, line) => all + line[name], 0)
  return { goods: sum("gross"), discount: sum("discount"), vat: sum("vat"), shipping, total: sum("total") + sum("vat") + shipping }
}
