import assert from "node:assert/strict";
import { test } from "node:test";
import type { Goal } from "../../objective/goal.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import { bayesianOracle } from "./bayesian-oracle.js";

const SPACE = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;

/** Returns a request after trials of a hill with its top of `height` at 0.6. */
function requestAfter(xs: readonly number[], { goal = "maximize", height = 1, scale = 1 } = {}): SuggestionRequest {
  const sign = goal === "maximize" ? 1 : -1;
  const completed = xs.map((x) => ({ values: { x }, objective: sign * scale * (height - 4 * (x - 0.6) ** 2) }));
  const request = { space: SPACE, goal: goal as Goal, completed, pending: [], infeasible: [], seed: 1 };
  return { ...request, trialNumber: xs.length, wantsOutlook: true };
}

function outlookOf(request: SuggestionRequest) {
  const suggestion = bayesianOracle.suggest(request);
  assert.ok(suggestion !== "exhausted");
  return suggestion.outlook ?? assert.fail("no outlook");
}

/** Trials on the slope of the hill, whose best is 0.1936 below the top. */
const SLOPE = Array.from({ length: 20 }, (_, i) => i / 50);
const HILL = [...SLOPE, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 1];

test("the outlook falls as trials cover the space, and a gap contains what is left to gain", () => {
  const [slope, hill] = [outlookOf(requestAfter(SLOPE)), outlookOf(requestAfter(HILL))];
  assert.ok(slope.gap >= 4 * 0.22 ** 2 && slope.expectedImprovement > 0.05, JSON.stringify(slope));
  assert.ok(hill.expectedImprovement < 0.001 && hill.gap < 0.01, JSON.stringify(hill));
});

test("the outlook is in the units of the objective, whatever its goal", () => {
  const plain = outlookOf(requestAfter(SLOPE));
  const large = outlookOf(requestAfter(SLOPE, { scale: 1_000 }));
  const mirrored = outlookOf(requestAfter(SLOPE, { goal: "minimize" }));
  assert.ok(Math.abs(large.gap / plain.gap - 1_000) < 1, `${large.gap} and ${plain.gap}`);
  assert.ok(Math.abs(mirrored.gap / plain.gap - 1) < 1e-3, `${mirrored.gap} and ${plain.gap}`);
});

test("the outlook changes no suggestion, and comes only where it is wanted, from enough trials on", () => {
  const request = requestAfter(SLOPE);
  const { wantsOutlook: _, ...plain } = request;
  const { outlook: __, ...suggestion } = bayesianOracle.suggest(request) as { outlook: unknown };
  assert.deepEqual(bayesianOracle.suggest(plain), suggestion);
  assert.equal(Object.hasOwn(bayesianOracle.suggest(requestAfter(SLOPE.slice(1))) as object, "outlook"), false);
});
