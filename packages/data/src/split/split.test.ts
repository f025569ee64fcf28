import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allRows } from "../column/missing.js";
import { type DivisionBasis, DivisionError, type RowSplit, type Shares } from "./division.js";
import { divideRows } from "./split.js";

const share = fc.double({ min: 0, max: 0.45, noNaN: true });
const values = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 120 });
const basis = (codes: readonly number[]): Record<string, DivisionBasis> => {
  const read = (row: number) => codes[row] as number;
  return { random: {}, stratified: { strata: read }, group: { groups: read }, time: { times: read } };
};

/** Divides rows; undefined if they are too few. */
function divide(codes: readonly number[], shares: Shares, how: DivisionBasis, seed: number): RowSplit | undefined {
  try {
    return divideRows(allRows(codes.length), shares, how, seed);
  } catch (error) {
    assert.ok(error instanceof DivisionError);
    return undefined;
  }
}

test("puts every row into exactly one split, in its order, whatever the rule, seed and shares", () => {
  fc.assert(
    fc.property(values, share, share, fc.nat(), (codes, validation, test, seed) => {
      for (const [name, how] of Object.entries(basis(codes))) {
        const split = divide(codes, { validation, test }, how, seed);
        if (split === undefined) continue;
        const parts = [split.train, split.validation, split.test];
        for (const part of parts) assert.deepEqual(part, part.slice().sort(), name);
        assert.deepEqual(
          parts.flatMap((part) => [...part]).sort((a, b) => a - b),
          [...allRows(codes.length)],
          name,
        );
        assert.ok(split.train.length > 0, name);
        assert.equal(split.test.length > 0, test > 0, name);
        assert.equal(split.validation.length > 0, validation > 0, name);
        assert.deepEqual(divide(codes, { validation, test }, how, seed), split);
      }
    }),
  );
});

test("gives each row to the validation of exactly one fold, and none of the test to a fold", () => {
  fc.assert(
    fc.property(values, share, fc.integer({ min: 2, max: 6 }), fc.nat(), (codes, test, count, seed) => {
      const { random, stratified, group } = basis(codes);
      for (const how of [random, stratified, group] as DivisionBasis[]) {
        const folds = Array.from({ length: count }, (_, index) =>
          divide(codes, { validation: 0, test, fold: { index, count } }, how, seed),
        );
        if (folds.some((fold) => fold === undefined)) continue;
        const tested = folds[0]?.test as Uint32Array;
        const validated = folds.flatMap((fold) => [...(fold as RowSplit).validation]);
        assert.equal(new Set(validated).size, validated.length);
        assert.deepEqual(
          [...validated, ...tested].sort((a, b) => a - b),
          [...allRows(codes.length)],
        );
        for (const fold of folds) assert.deepEqual(fold?.test, tested);
      }
    }),
  );
});

test("gives each class its shares, and the exact number of rows in all", () => {
  const codes = Array.from({ length: 1_000 }, (_, row) => (row % 10 === 0 ? 0 : row % 10 < 4 ? 1 : 2));
  const split = divide(
    codes,
    { validation: 0.2, test: 0.1 },
    basis(codes)["stratified"] as DivisionBasis,
    3,
  ) as RowSplit;
  assert.deepEqual([split.train.length, split.validation.length, split.test.length], [700, 200, 100]);
  const count = (rows: Uint32Array, code: number) => rows.filter((row) => codes[row] === code).length;
  for (const [code, total] of [
    [0, 100],
    [1, 300],
    [2, 600],
  ] as const) {
    assert.ok(Math.abs(count(split.validation, code) - 0.2 * total) <= 1);
    assert.ok(Math.abs(count(split.test, code) - 0.1 * total) <= 1);
  }
});

test("trains a class of a single row", () => {
  const codes = [...Array.from({ length: 30 }, () => 0), 1];
  for (let seed = 0; seed < 50; seed++) {
    const split = divide(codes, { validation: 0.3, test: 0.3 }, basis(codes)["stratified"] as DivisionBasis, seed);
    assert.ok(split?.train.includes(30));
  }
});

test("keeps groups together, and rows of the same time", () => {
  fc.assert(
    fc.property(values, share, share, fc.nat(), (codes, validation, test, seed) => {
      const { group, time } = basis(codes) as { group: DivisionBasis; time: DivisionBasis };
      for (const how of [group, time]) {
        const split = divide(codes, { validation, test }, how, seed);
        const sets = Object.values(split ?? {}).map((rows: Uint32Array) => new Set([...rows].map((row) => codes[row])));
        for (const [index, set] of sets.entries()) {
          for (const other of sets.slice(index + 1)) assert.equal([...set].filter((code) => other.has(code)).length, 0);
        }
      }
    }),
  );
});

test("trains the earliest rows and tests the latest", () => {
  const codes = [5, 1, 4, 2, 3, 9, 8, 6, 7, 0];
  const split = divide(codes, { validation: 0.2, test: 0.2 }, basis(codes)["time"] as DivisionBasis, 0) as RowSplit;
  const times = (rows: Uint32Array) => [...rows].map((row) => codes[row]).sort();
  assert.deepEqual(
    [times(split.train), times(split.validation), times(split.test)],
    [
      [0, 1, 2, 3, 4, 5],
      [6, 7],
      [8, 9],
    ],
  );
});

test("another seed divides otherwise", () => {
  const codes = Array.from({ length: 100 }, () => 0);
  const divided = [0, 1].map((seed) => divide(codes, { validation: 0.2, test: 0.2 }, {}, seed));
  assert.notDeepEqual(divided[0], divided[1]);
});
