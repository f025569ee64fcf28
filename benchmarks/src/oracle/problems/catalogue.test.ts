import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "@sintonia/tuning/random/random";
import { checkValues } from "@sintonia/tuning/space/check/values";
import { isInRegion } from "@sintonia/tuning/space/constraint/region";
import { sampleRegion } from "@sintonia/tuning/space/sampling/sampling";
import { DESCRIPTIONS, FUNCTION_NAMES, HELD_OUT_NAMES, problemNamed, SPACE_NAMES } from "./catalogue.js";
import { outcomeOf } from "./definition/problem.js";

for (const name of [...SPACE_NAMES, ...FUNCTION_NAMES, ...HELD_OUT_NAMES]) {
  test(`${name} has no point below its minimum, and another minimiser for each seed`, () => {
    const random = createRandom(5);
    const problems = [1, 2].map((seed) => problemNamed(name, seed, true));
    const regrets = Array.from({ length: 200 }, () => {
      const values = sampleRegion(problems[0] as (typeof problems)[0], random) ?? assert.fail();
      return problems.map((problem) => {
        assert.ok(checkValues(problem.space, values).ok);
        return problem.regret(values);
      });
    });
    assert.ok(regrets.flat().every((regret) => regret >= 0));
    assert.ok(regrets.some(([first, second]) => first !== second));
  });
}

test("every problem has a description, and an outcome for a point of its region", () => {
  assert.deepEqual(Object.keys(DESCRIPTIONS), SPACE_NAMES);
  for (const name of [...SPACE_NAMES, ...HELD_OUT_NAMES]) {
    const problem = problemNamed(name, 3, false);
    const random = createRandom(1);
    const values = sampleRegion(problem, random) ?? assert.fail();
    assert.ok(isInRegion(problem, values));
    const { state, objective } = outcomeOf(problem, values, random);
    assert.ok(state !== "completed" || Number.isFinite(objective), name);
  }
});

test("refuses an unknown name", () => {
  assert.throws(() => problemNamed("none", 1, false), RangeError);
});
