import assert from "node:assert/strict";
import { test } from "node:test";
import { problemOf, type TestFunction } from "../definition/test-function.js";
import { FUNCTIONS } from "./functions.js";
import { FURTHER_FUNCTIONS } from "./further-functions.js";

const ALL = { ...FUNCTIONS, ...FURTHER_FUNCTIONS };

for (const [name, { domain, minimum, minimiser, value }] of Object.entries(ALL)) {
  test(`${name} has its minimum at the stated minimiser, and larger values near it`, () => {
    // The minimisers are exact to about ten digits, and the functions are flat there.
    assert.ok(Math.abs(value(minimiser) - minimum) < 1e-13 * Math.max(1, Math.abs(minimum)));
    minimiser.forEach((x, i) => {
      for (const step of [-1e-3, 1e-3]) assert.ok(value(minimiser.with(i, x + step)) > minimum, `coordinate ${i}`);
    });
  });

  test(`${name} has regret 0 at its minimiser, and more there once it is shifted`, () => {
    const names = domain.map((_, i) => `x${i}`);
    const at = (x: readonly number[]) => Object.fromEntries(names.map((key, i) => [key, x[i] as number]));
    assert.ok(Math.abs(problemOf(ALL[name] as TestFunction).regret(at(minimiser))) < 1e-12);
    const { regret, space } = problemOf(ALL[name] as TestFunction, 7);
    assert.deepEqual(Object.keys(space), names);
    assert.ok(regret(at(minimiser)) > 1e-3, "moved");
  });
}
