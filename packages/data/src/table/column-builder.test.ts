import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NumberBuilder } from "./column-builder.js";
import { valueAt } from "./table.js";

function build(values: readonly number[], shift: number, exact = false) {
  const builder = new NumberBuilder(shift, exact);
  values.forEach((value, row) => {
    builder.set(row, value);
  });
  return builder.build("x", values.length);
}

const number = fc.oneof(
  fc.double(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0),
);
const numbers = fc.array(number, { maxLength: 40 });

test("keeps every number of an exact column, and the others to the nearest float32 or better", () => {
  const property = fc.property(numbers, fc.integer({ min: 0, max: 4 }), fc.boolean(), (values, shift, exact) => {
    const column = build(values, shift, exact);
    values.forEach((value, row) => {
      const kept = valueAt(column.values, row);
      assert.ok(Object.is(kept, value) || (!exact && Object.is(kept, Math.fround(value))), `row ${row}: ${kept}`);
    });
  });
  fc.assert(property);
});

test("summarises the numbers of all chunks", () => {
  const property = fc.property(numbers, fc.integer({ min: 0, max: 4 }), (values, shift) => {
    const present = values.filter((value) => !Number.isNaN(value));
    const { missing, min, max, whole } = build(values, shift).summary;
    assert.equal(missing, values.length - present.length);
    assert.equal(min + 0, Math.min(...present) + 0);
    assert.equal(max + 0, Math.max(...present) + 0);
    assert.equal(
      whole,
      present.every((value) => Number.isInteger(value) || Math.abs(value) === Infinity),
    );
  });
  fc.assert(property);
});
