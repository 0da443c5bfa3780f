// The sums of an order in the browser: the same numbers as the server's, see tests/orders/test_totals.py.

import assert from "node:assert/strict"
import { test } from "node:test"

import { lineSums, orderSums, parseAmount } from "../../static/js/models/sums.js"

const ascii = (text) => String(text).replace(/[۰-۹٠-٩]/g, (digit) => digit.codePointAt(0) & 15)

test("tax is rounded half up to whole rials", () => {
  for (const [price, vat, tax] of [[5, 1000, 1], [4, 1000, 0], [15, 1000, 2], [21_500_005, 1000, 2_150_001], [999, 900, 90]]) {
    assert.equal(lineSums({ price, quantity: 1, discount: 0, vat }).vat, tax)
  }
})

test("a discount never exceeds the price", () => {
  assert.deepEqual(lineSums({ price: 100, quantity: 2, discount: 900, vat: 1000 }), { gross: 200, discount: 200, total: 0, vat: 0 })
})

test("the header is the sum of its lines", () => {
  const lines = [lineSums({ price: 21_500_000, quantity: 2, discount: 1_000_000, vat: 1000 }),
    lineSums({ price: 17_000_000, quantity: 1, discount: 0, vat: 1000 })]
  const sums = orderSums(lines, 850_000)
  assert.deepEqual(sums, { goods: 60_000_000, discount: 1_000_000, vat: 5_900_000, shipping: 850_000, total: 65_750_000 })
})

test("amounts are read in any digits and marks, in the unit of the page", () => {
  for (const text of ["85000", "۸۵٬۰۰۰", "٨٥٠٠٠", "85,000", " ۸۵ ۰۰۰ "]) assert.equal(parseAmount(text, 10, ascii), 850_000)
  assert.equal(parseAmount("۸۵٫۵", 10, ascii), 855)
  for (const text of ["", "زیاد", "-5", "1e9", "1.2.3"]) assert.equal(parseAmount(text, 10, ascii), 0)
})
