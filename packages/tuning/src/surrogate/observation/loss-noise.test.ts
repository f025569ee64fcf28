import assert from "node:assert/strict";
import { test } from "node:test";
import { noiseOf } from "./loss-noise.js";

const SCALE = { size: 1, best: 0, unit: 0.1 };
const at = (known: object) => ({ values: {}, objective: 1, ...known });

test("has no variances if none is stated", () => {
  assert.equal(noiseOf([at({}), at({})], SCALE), undefined);
  assert.equal(noiseOf([at({ noiseVariance: 1 })], { ...SCALE, unit: 0 }), undefined);
});

test("converts stated variances to units of losses, NaN for the others", () => {
  const noise = noiseOf([at({ noiseVariance: 0.04 }), at({}), at({ noiseVariance: 0 })], SCALE) ?? assert.fail();
  // (0.2 / 0.1)²
  assert.ok(Math.abs((noise[0] as number) - 4) < 1e-12);
  assert.deepEqual([...noise.slice(1)], [Number.NaN, 0]);
});

test("pools the variance of executions and divides it by the number of each trial", () => {
  const completed = [
    at({ executions: { count: 2, variance: 0.01 } }),
    at({ executions: { count: 5, variance: 0.06 } }),
    at({}),
  ];
  const noise = noiseOf(completed, SCALE) ?? assert.fail();
  const pooled = (1 * 0.01 + 4 * 0.06) / 5 / 0.1 ** 2;
  for (const [i, count] of [2, 5, 1].entries()) {
    assert.ok(Math.abs((noise[i] as number) - pooled / count) < 1e-12, `trial ${i}`);
  }
});

test("ignores the variance of very few executions", () => {
  const executions = { count: 2, variance: 1e-9 };
  assert.equal(noiseOf([at({ executions }), at({ executions }), at({})], SCALE), undefined);
});
