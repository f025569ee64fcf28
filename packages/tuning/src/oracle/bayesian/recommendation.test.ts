import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import type { SuggestionRequest } from "../contract/oracle.js";
import { recommendedTrial } from "./recommendation.js";

const SPACE = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;

test("names the trial with the best expectation and not one that was lucky", () => {
  const completed = hill();
  const lucky = { values: { x: 0.1 }, objective: 0.6 };
  const trial = recommendedTrial(requestOf([...completed, lucky], "maximize")) as number;
  assert.ok(Math.abs((completed[trial]?.values.x as number) - 0.6) < 0.15, `trial ${trial}`);
  const turned = [...completed, lucky].map(({ values, objective }) => ({ values, objective: -objective }));
  assert.equal(recommendedTrial(requestOf(turned, "minimize")), trial);
});

test("names the best of trials without noise, the only one of one, and none of none", () => {
  const exact = Array.from({ length: 15 }, (_, i) => ({ values: { x: i / 14 }, objective: -((i - 4) ** 2) }));
  assert.equal(recommendedTrial(requestOf(exact, "maximize")), 4);
  assert.equal(recommendedTrial(requestOf(exact.slice(0, 1), "maximize")), 0);
  assert.equal(recommendedTrial(requestOf([], "maximize")), undefined);
});

/** A broad hill with its top at 0.6 and noise of a tenth of its height. */
function hill() {
  const random = createRandom(9);
  return Array.from({ length: 30 }, (_, i) => {
    const x = (i + 0.5) / 30;
    return { values: { x }, objective: -4 * (x - 0.6) ** 2 + 0.15 * random.normal() };
  });
}

function requestOf(completed: SuggestionRequest["completed"], goal: SuggestionRequest["goal"]): SuggestionRequest {
  return { space: SPACE, goal, completed, pending: [], infeasible: [], trialNumber: completed.length, seed: 1 };
}
