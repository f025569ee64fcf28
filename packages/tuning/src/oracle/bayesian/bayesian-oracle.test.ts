// The Bayesian oracle on degenerate data.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../../random/random.js";
import { rankTrials } from "../../selection/ranking.js";
import { checkValues } from "../../space/check/values.js";
import type { Parameter, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { sampleValues } from "../../space/sampling/sampling.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import { bayesianOracle } from "./bayesian-oracle.js";

/** Objectives by trial number; all finite. */
const OBJECTIVES: Readonly<Record<string, (i: number, random: Random) => number>> = {
  constant: () => 3,
  zero: () => 0,
  "two values": (i) => i % 2,
  tiny: (_, random) => 1e-300 * random.uniform(),
  subnormal: (i) => i * Number.MIN_VALUE,
  huge: (_, random) => 1.7e308 * (2 * random.uniform() - 1),
  "one outlier": (i, random) => (i === 3 ? 1e300 : random.uniform()),
  "one outlier below": (i, random) => (i === 3 ? -1e300 : random.uniform()),
  "spanning 600 orders": (i) => 10 ** (40 * (i % 16) - 300),
  "nearly constant": (i) => 1 + i * Number.EPSILON,
  noise: (_, random) => random.normal(),
};

const PARAMETERS: readonly Parameter[] = [
  { type: "double", min: 0, max: 1, scale: "linear" },
  { type: "double", min: 1e-300, max: 1e300, scale: "log" },
  { type: "integer", min: -3, max: 400, scale: "linear", step: 1 },
  { type: "integer", min: 1, max: 9, scale: "log", step: 2 },
  { type: "categorical", values: ["a", "b", "c"] },
  { type: "categorical", values: ["only"] },
  { type: "boolean" },
  { type: "fixed", value: 7 },
  { type: "categorical", values: [1, 2, 4], when: { p4: ["a", "c"] } },
  { type: "double", min: 0.1, max: 0.9, scale: "reverse-log", step: 0.1, when: { p6: [true] } },
];

for (const [name, objective] of Object.entries(OBJECTIVES)) {
  test(`suggests values of the space whatever the objectives: ${name}`, () => {
    const random = createRandom(12);
    for (const count of [1, 2, 3, 7, 16, 45]) {
      for (const space of [spaceOf(PARAMETERS), spaceOf(PARAMETERS.slice(0, 1)), spaceOf(PARAMETERS, 4)]) {
        const request = requestOf(space, { count, objective, random });
        assertInSpace(space, suggest(request), `${count} observations`);
        const [best] = rankTrials(request, request.completed);
        assert.ok(request.completed.length === 0 || best !== undefined, `${count} observations`);
      }
    }
  });
}

test("ranks the best trial first and searches next to it although one trial diverged", () => {
  const space = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;
  for (const worst of [1e12, 1e300, 1.7e308]) {
    const completed = Array.from({ length: 12 }, (_, i) => ({
      values: { x: i / 11 },
      objective: i === 11 ? worst : (i / 11 - 0.4) ** 2,
    }));
    const request: SuggestionRequest = {
      ...{ space, goal: "minimize", completed, pending: [], infeasible: [], trialNumber: 12, seed: 1 },
    };
    assert.equal(rankTrials(request, completed)[0]?.values.x, 4 / 11, `beside ${worst}`);
    assert.ok(Math.abs((suggest(request)["x"] as number) - 0.4) < 0.05, `beside ${worst}`);
  }
});

test("ranks the smallest of objectives of all magnitudes first", () => {
  const request: SuggestionRequest = {
    ...requestOf(spaceOf(PARAMETERS, 4), { count: 0, objective: () => 0, random: createRandom(1) }),
    space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
    goal: "minimize",
    completed: Array.from({ length: 21 }, (_, i) => ({
      values: { x: i / 20 },
      objective: 10 ** (30 * Math.abs(i - 8) - 60),
    })),
  };
  assert.equal(rankTrials(request, request.completed)[0]?.values["x"], 8 / 20);
});

test("suggests values of the space if every trial failed, and if all trials were the same point", () => {
  const space = spaceOf(PARAMETERS);
  const random = createRandom(2);
  const one = sampleValues(space, random);
  const failed = { ...requestOf(space, { count: 0, objective: () => 0, random }), trialNumber: 20 };
  const infeasible = Array.from({ length: 20 }, () => sampleValues(space, random));
  assertInSpace(space, suggest({ ...failed, infeasible }), "all failed");
  for (const objective of [() => 1, (i: number) => i]) {
    const completed = Array.from({ length: 12 }, (_, i) => ({ values: one, objective: objective(i) }));
    const pending = [one, one, one];
    assertInSpace(space, suggest({ ...failed, completed, pending, infeasible: [one] }), "one point");
  }
});

test("suggests from ten thousand observations and a hundred pending trials", () => {
  const space = spaceOf(PARAMETERS.slice(0, 4));
  const random = createRandom(3);
  const request = requestOf(space, { count: 10_000, objective: (i) => Math.sin(i), random });
  const pending = Array.from({ length: 100 }, () => sampleValues(space, random));
  assertInSpace(space, suggest({ ...request, pending }), "ten thousand");
});

interface Data {
  readonly count: number;
  readonly objective: (i: number, random: Random) => number;
  readonly random: Random;
}

/** Returns a request with `count` observations, two pending trials and two infeasible ones. */
function requestOf(space: SearchSpace, { count, objective, random }: Data): SuggestionRequest {
  const draw = () => sampleValues(space, random);
  return {
    space,
    goal: count % 2 === 0 ? "minimize" : "maximize",
    completed: Array.from({ length: count }, (_, i) => ({ values: draw(), objective: objective(i, random) })),
    pending: [draw(), draw()],
    infeasible: [draw(), draw()],
    trialNumber: count + 4,
    seed: 5,
  };
}

function spaceOf(parameters: readonly Parameter[], from = 0): SearchSpace {
  return Object.fromEntries(parameters.map((parameter, i) => [`p${i}`, parameter] as const).slice(from));
}

function suggest(request: SuggestionRequest): ParameterValues {
  const suggestion = bayesianOracle.suggest(request);
  assert.ok(suggestion !== "exhausted");
  return suggestion.values;
}

function assertInSpace(space: SearchSpace, values: ParameterValues, label: string): void {
  const checked = checkValues(space, values);
  assert.ok(checked.ok, `${label}: ${JSON.stringify(checked)}`);
}

test("starts at the exact defaults, whatever the rounding of their scale", () => {
  const space: SearchSpace = {
    rate: { type: "double", min: 1e-3, max: 1, scale: "log", default: 0.01 },
    width: { type: "integer", min: 0, max: 10, scale: "linear", step: 1 },
  };
  const request = {
    space,
    goal: "minimize",
    completed: [],
    pending: [],
    infeasible: [],
    trialNumber: 0,
    seed: 3,
  } as const;
  const suggestion = bayesianOracle.suggest(request);
  assert.deepEqual(suggestion, { values: { rate: 0.01, width: 5 }, source: "initial-design" });
});
