import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ArrayColumn, Numbers } from "../table/table.js";
import { type Moments, medianOf, momentsOf } from "./moments.js";

/** A column of numbers in chunks of 2^shift rows. */
function chunked(values: readonly number[], shift: number): Numbers {
  const size = 2 ** shift;
  const chunks = Array.from({ length: Math.ceil(values.length / size) }, (_, part) =>
    Float64Array.from(values.slice(part * size, (part + 1) * size)),
  );
  return { kind: "numbers", name: "x", values: { chunks, shift } };
}

/** The same numbers as the second of the three values of each row. */
function array(values: readonly number[]): ArrayColumn {
  return { kind: "array", name: "x", width: 3, values: Float64Array.from(values.flatMap((value) => [7, value, 9])) };
}

const table = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN)), fc.boolean()), { minLength: 1 })
  .map((rows) => ({
    values: rows.map(([value]) => value),
    rows: Uint32Array.from(rows.flatMap(([, isUsed], row) => (isUsed ? [row] : []))),
  }));

test("computes mean, deviation and median of the chosen rows that have a value", () => {
  const property = fc.property(table, fc.integer({ min: 0, max: 5 }), ({ values, rows }, shift) => {
    const present = [...rows].map((row) => values[row] as number).filter((value) => !Number.isNaN(value));
    if (present.length === 0) return;
    const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
    const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length;
    const sorted = present.toSorted((a, b) => a - b);
    const median = ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
    for (const [column, index] of [[chunked(values, shift), 0] as const, [array(values), 1] as const]) {
      const moments = momentsOf(column, rows)[index] as Moments;
      // Sums of 100 numbers up to 9 lose less than 1e-12.
      assert.ok(Math.abs(moments.mean - mean) < 1e-12);
      assert.ok(Math.abs(moments.deviation ** 2 - variance) < 1e-12);
      assert.equal(medianOf(column, index, rows), median);
    }
  });
  fc.assert(property);
});

test("gives a constant column exactly its value and the deviation 0", () => {
  const rows = Uint32Array.from({ length: 1000 }, (_, row) => row);
  const values = [...rows].map(() => 0.1);
  assert.deepEqual(momentsOf(chunked(values, 6), rows), [{ mean: 0.1, deviation: 0 }]);
  assert.deepEqual(momentsOf(array(values), rows)[1], { mean: 0.1, deviation: 0 });
});
