// What the Bayesian oracle answers to data that no well-behaved study has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../../random/random.js";
import type { Parameter, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { sampleValues } from "../../space/sampling.js";
import { coordinateOf } from "../../space/unit-cube.js";
import type { SuggestionRequest } from "../oracle.js";
import { bayesianOracle } from "./bayesian-oracle.js";
import { recommendedTrial } from "./recommendation.js";

/** Objectives by the number of the trial: every one a finite number that a trial may end with. */
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
];

for (const [name, objective] of Object.entries(OBJECTIVES)) {
  test(`suggests values of the space whatever the objectives: ${name}`, () => {
    const random = createRandom(12);
    for (const count of [1, 2, 3, 7, 16, 45]) {
      for (const space of [spaceOf(PARAMETERS), spaceOf(PARAMETERS.slice(0, 1)), spaceOf(PARAMETERS.slice(4))]) {
        const request = requestOf(space, { count, objective, random });
        assertInSpace(space, bayesianOracle(request).values, `${count} observations`);
        const recommended = recommendedTrial(request);
        assert.ok(recommended === undefined || recommended < count, `${count} observations`);
      }
    }
  });
}

test("suggests values of the space where every trial failed and where all were the same point", () => {
  const space = spaceOf(PARAMETERS);
  const random = createRandom(2);
  const one = sampleValues(space, random);
  const failed = { ...requestOf(space, { count: 0, objective: () => 0, random }), trialNumber: 20 };
  const infeasible = Array.from({ length: 20 }, () => sampleValues(space, random));
  assertInSpace(space, bayesianOracle({ ...failed, infeasible }).values, "all failed");
  for (const objective of [() => 1, (i: number) => i]) {
    const completed = Array.from({ length: 12 }, (_, i) => ({ values: one, objective: objective(i) }));
    const pending = [one, one, one];
    assertInSpace(space, bayesianOracle({ ...failed, completed, pending, infeasible: [one] }).values, "one point");
  }
});

test("answers from ten thousand observations and a hundred pending trials", () => {
  const space = spaceOf(PARAMETERS.slice(0, 4));
  const random = createRandom(3);
  const request = requestOf(space, { count: 10_000, objective: (i) => Math.sin(i), random });
  const pending = Array.from({ length: 100 }, () => sampleValues(space, random));
  assertInSpace(space, bayesianOracle({ ...request, pending }).values, "ten thousand");
});

interface Data {
  readonly count: number;
  readonly objective: (i: number, random: Random) => number;
  readonly random: Random;
}

/** A request with so many observations, two pending trials and two infeasible ones. */
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

function spaceOf(parameters: readonly Parameter[]): SearchSpace {
  return Object.fromEntries(parameters.map((parameter, i) => [`p${i}`, parameter]));
}

function assertInSpace(space: SearchSpace, values: ParameterValues, label: string): void {
  for (const [name, parameter] of Object.entries(space)) {
    const value = values[name];
    if (parameter.type === "categorical") assert.ok(parameter.values.includes(value as string), `${name}, ${label}`);
    else if (parameter.type === "boolean") assert.equal(typeof value, "boolean", `${name}, ${label}`);
    else {
      assert.ok((value as number) >= parameter.min && (value as number) <= parameter.max, `${name} ${value}, ${label}`);
      assert.ok(Number.isFinite(coordinateOf(parameter, value as number)), `${name}, ${label}`);
    }
  }
}
