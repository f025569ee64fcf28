import assert from "node:assert/strict";
import { test } from "node:test";
import type { Goal } from "../objective/goal.js";
import type { Observation } from "../objective/observation.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { createRandom } from "../random/random.js";
import { rankTrials } from "./ranking.js";

const SPACE = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;

test("ranks the trial with the best posterior mean first and not one that was lucky", () => {
  const trials = [...hill(), { values: { x: 0.1 }, objective: 0.6 }];
  const [best] = rank(trials, "maximize");
  assert.ok(Math.abs((best?.values["x"] as number) - 0.6) < 0.15, JSON.stringify(best));
  const turned = trials.map(({ values, objective }) => ({ values, objective: -objective }));
  assert.deepEqual(rank(turned, "minimize")[0]?.values, best?.values);
});

test("ranks the best of trials without noise first, the only one of one, and none of none", () => {
  const exact = Array.from({ length: 15 }, (_, i) => ({ values: { x: i / 14 }, objective: -((i - 4) ** 2) }));
  assert.equal(rank(exact, "maximize")[0]?.values["x"], 4 / 14);
  assert.equal(rank(exact.slice(0, 1), "maximize")[0]?.values["x"], 0);
  assert.deepEqual(rank([], "maximize"), []);
});

test("ranks the best measured first where there are too few trials for a surrogate", () => {
  const trials = [3, 1, 2].slice(0, 2).map((objective, i) => ({ values: { x: i / 2 }, objective }));
  assert.deepEqual(
    rank(trials, "minimize").map(({ objective, belief }) => [objective, belief]),
    [
      [1, undefined],
      [3, undefined],
    ],
  );
});

test("ranks every trial once, by falling posterior mean, and leaves out those that diverged", () => {
  const ranked = rank([...hill(), { values: { x: 0.6 }, objective: -1e30 }], "maximize");
  assert.equal(ranked.length, 30);
  const means = ranked.slice(1).map(({ belief }) => belief?.mean as number);
  assert.deepEqual(
    means,
    means.toSorted((a, b) => b - a),
  );
});

/** A broad hill with its top at 0.6 and noise of a tenth of its height. */
function hill(): Observation[] {
  const random = createRandom(9);
  return Array.from({ length: 30 }, (_, i) => {
    const x = (i + 0.5) / 30;
    return { values: { x }, objective: -4 * (x - 0.6) ** 2 + 0.15 * random.normal() };
  });
}

function rank(completed: readonly Observation[], goal: Goal) {
  const history: SuggestionRequest = {
    ...{ space: SPACE, goal, completed, pending: [], infeasible: [] },
    ...{ trialNumber: completed.length, seed: 1 },
  };
  return rankTrials(history, completed);
}
