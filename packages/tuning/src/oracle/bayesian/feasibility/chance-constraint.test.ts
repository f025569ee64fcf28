import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../random/random.js";
import { designSpace } from "../../../space/design-space.js";
import type { SuggestionRequest } from "../../contract/suggestion.js";
import { chanceConstraint, isInside, leastProbability } from "./chance-constraint.js";

const SPACE = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;
const lines = (count: number) => Array.from({ length: count }, () => ({ x: 0 }));

test("asks for more certainty the more trials were lost, relative to random search", () => {
  const least = (infeasible: number, share: number) => leastProbability(requestOf(infeasible, 100 - infeasible), share);
  const near = (p: number, expected: number) => assert.ok(Math.abs(p - expected) < 1e-9, `${p} for ${expected}`);
  near(least(1, 0.2), 0.2);
  near(least(1, 0.9), 0.5);
  near(least(10, 0.8), 0.5);
  near(least(15, 0.8), 0.74);
  near(least(20, 0.8), 0.98);
  near(least(99, 0.8), 0.98);
});

test("lets the first trials explore", () => {
  assert.ok(Math.abs(leastProbability(requestOf(4, 2), 0.8) - 0.5) < 1e-9);
});

test("ranks every likely point above every unlikely one, and these by their probability", () => {
  const ranking = constrained(requestOf(1, 9));
  const [likely, unlikely, worse] = [0.1, 0.8, 0.9].map((x) => ranking.value(Float64Array.of(x))) as [
    number,
    number,
    number,
  ];
  assert.ok(isInside(likely) && !isInside(unlikely) && !isInside(worse));
  assert.ok(unlikely > worse);
});

test("takes only points that almost certainly complete if the request is cautious", () => {
  const [bold, cautious] = [false, true].map((isCautious) => constrained({ ...requestOf(1, 9), isCautious }));
  const place = Float64Array.of(0.4);
  assert.ok(isInside(bold?.value(place) as number));
  assert.ok(!isInside(cautious?.value(place) as number));
});

test("has a slope back to likely points outside", () => {
  const { gradient } = constrained(requestOf(1, 9)).evaluate(Float64Array.of(0.9));
  assert.ok((gradient()[0] as number) < -50);
});

/** The probability of completion is 1 - x. */
function constrained(request: SuggestionRequest) {
  const value = ([x = 0]: Float64Array) => Math.log(Math.max(1e-9, 1 - x));
  const probability = {
    value,
    values: (points: readonly Float64Array[]) => Float64Array.from(points, value),
    evaluate: (point: Float64Array) => ({
      value: value(point),
      gradient: () => Float64Array.of(-1 / (1 - (point[0] as number))),
    }),
  };
  return chanceConstraint(request, {
    probability,
    design: designSpace(SPACE),
    completed: [Float64Array.of(0)],
    random: createRandom(1),
  });
}

function requestOf(infeasible: number, completed: number): SuggestionRequest {
  return {
    space: SPACE,
    constraints: [],
    goal: "minimize",
    completed: lines(completed).map((values) => ({ values, objective: 0 })),
    pending: [],
    infeasible: lines(infeasible),
    trialNumber: infeasible + completed,
    seed: 1,
  };
}
