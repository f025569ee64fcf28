import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import type { SuggestionRequest } from "../oracle.js";
import { beliefsAt, objectiveDraws } from "./belief.js";

const SPACE = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;

test("draws objectives as likely as the beliefs say, and neighbours together", () => {
  const request = noisyHill();
  const points = [{ x: 0.3 }, { x: 0.31 }, { x: 0.95 }];
  const draws = objectiveDraws(request, points, 2000) ?? assert.fail();
  const beliefs = beliefsAt(request, points) ?? assert.fail();
  for (const [i, { low, high }] of beliefs.entries()) {
    const inside = draws.filter((draw) => low <= (draw[i] as number) && (draw[i] as number) <= high).length / 2000;
    // Five standard errors of a share of 95 % in 2,000 draws.
    assert.ok(Math.abs(inside - 0.95) < 0.025, `${inside} inside at point ${i}`);
  }
  const spread = (i: number, j: number) => Math.max(...draws.map((draw) => Math.abs((draw[i] ?? 0) - (draw[j] ?? 0))));
  assert.ok(spread(0, 1) < spread(0, 2) / 5, `${spread(0, 1)} and ${spread(0, 2)}`);
  assert.deepEqual(objectiveDraws(request, points, 2000), draws, "the same request");
});

test("draws nothing where there are too few trials", () => {
  const request = noisyHill();
  assert.equal(objectiveDraws({ ...request, completed: request.completed.slice(0, 2) }, [{ x: 0 }], 3), undefined);
});

/** A broad hill with its top at 0.6 and noise of a tenth of its height. */
function noisyHill(): SuggestionRequest {
  const random = createRandom(9);
  const completed = Array.from({ length: 30 }, (_, i) => {
    const x = (i + 0.5) / 30;
    return { values: { x }, objective: -4 * (x - 0.6) ** 2 + 0.15 * random.normal() };
  });
  return { space: SPACE, goal: "maximize", completed, pending: [], infeasible: [], trialNumber: 30, seed: 1 };
}
