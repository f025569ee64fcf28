import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadQuantiles } from "./survival.js";

/** One trial in five takes 100 s, the others none. */
const LENGTHS = [
  { value: 0, share: 0.8 },
  { value: 100, share: 0.2 },
];

test("as many trials are long as their share lets expect, however few they are", () => {
  const sums = [1, 2, 5, 10, 15].map((n) =>
    spreadQuantiles(LENGTHS, n, { offset: 0.5 }).reduce((sum, value) => sum + value, 0),
  );
  assert.deepEqual(sums, [0, 0, 100, 200, 300]);
});

test("long trials are spread", () => {
  const long = spreadQuantiles(LENGTHS, 10, { offset: 0.5 }).flatMap((value, i) => (value > 0 ? [i] : []));
  assert.ok((long[1] as number) - (long[0] as number) > 2, `${long}`);
});

test("the choices together have the shares of the lengths", () => {
  const choices = [0.1, 0.3, 0.5, 0.7, 0.9].map((offset) => spreadQuantiles(LENGTHS, 3, { offset }));
  assert.equal(choices.flat().filter((value) => value > 0).length, 3);
});

test("choices by different steps are in other orders", () => {
  const byStep = (step?: number) =>
    spreadQuantiles(
      [0, 1, 2, 3, 4].map((value) => ({ value, share: 0.2 })),
      5,
      { offset: 0.5, ...(step && { step }) },
    );
  assert.deepEqual(byStep().toSorted(), byStep(Math.SQRT2 - 1).toSorted());
  assert.notDeepEqual(byStep(), byStep(Math.SQRT2 - 1));
});
