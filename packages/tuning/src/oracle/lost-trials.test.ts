import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation } from "../objective/observation.js";
import { createRandom } from "../random/random.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";
import { sampleRegion } from "../space/sampling/sampling.js";
import { createOracle } from "./registry.js";

/** A problem of which some points have no objective. */
interface Problem {
  readonly space: SearchSpace;
  readonly goal: "minimize" | "maximize";
  readonly isLost: (values: ParameterValues) => boolean;
  readonly objective: (values: ParameterValues) => number;
  /** Standard deviation of the objective's noise. @default 0 */
  readonly noise?: number;
}

const TRIALS = 60;
/** The last trials of a study, in which lost trials are counted. */
const LATE = 20;

const SERVER = {
  space: {
    dtype: { type: "categorical", values: ["fp16", "bf16"] },
    mode: { type: "categorical", values: ["off", "auto", "fp16", "fp8"] },
    batch: { type: "categorical", values: [64, 128, 256, 512, 1024, 2048, 4096] },
    tokens: { type: "categorical", values: [512, 1024, 2048, 4096, 8192] },
    flag: { type: "boolean" },
  },
  goal: "maximize",
  isLost: (v) => Number(v["batch"]) > Number(v["tokens"]) || (v["dtype"] === "fp16" && v["mode"] === "fp8"),
  objective: (v) => Number(v["batch"]) / 4096 + Number(v["tokens"]) / 8192 + (v["mode"] === "fp8" ? 1 : 0),
} satisfies Problem;

const PROBLEMS: Readonly<Record<string, Problem>> = {
  "a rule over lists": SERVER,
  "a rule over lists, to be minimized": { ...SERVER, goal: "minimize" },
  "a rule over lists, with noise": { ...SERVER, noise: 0.1 },
  "half of the cube, with the optimum on its edge": {
    space: cube(3),
    goal: "minimize",
    isLost: ({ x0, x1, x2 }) => Number(x0) + Number(x1) - 0.5 * Number(x2) > 0.75,
    objective: ({ x0, x1, x2 }) => (Number(x0) - 0.8) ** 2 + (Number(x1) - 0.6) ** 2 + (Number(x2) - 0.4) ** 2,
  },
  "all but two islands": {
    space: cube(2),
    goal: "minimize",
    isLost: (v) => distance(v, 0.25, 0.4) > 0.2 && distance(v, 0.7, 0.75) > 0.15,
    objective: (v) => Math.min(1 + distance(v, 0.25, 0.4) ** 2, 3 * distance(v, 0.7, 0.75) ** 2),
  },
};

for (const [name, problem] of Object.entries(PROBLEMS)) {
  for (const state of ["infeasible", "failed"] as const) {
    test(`loses at most as many late trials as random search: ${state} in ${name}`, () => {
      const share = randomShare(problem);
      const late = [1, 2].map((seed) => lateLosses(problem, state, seed));
      const expected = LATE * share;
      assert.ok(late.reduce((sum, count) => sum + count, 0) / late.length <= expected, `${late} for ${expected}`);
    });
  }
}

test("comes as near to an optimum on the edge of the infeasible region as to one inside", () => {
  const problem = PROBLEMS["half of the cube, with the optimum on its edge"] as Problem;
  const { completed } = study(problem, "infeasible", 3);
  // The nearest point of the plane to (0.8, 0.6, 0.4): 0.45 beyond it, the normal is (1, 1, -0.5) /
  // 1.5.
  const optimum = (0.45 / 1.5) ** 2;
  const reached = Math.min(...completed.map(({ objective }) => objective));
  assert.ok(reached - optimum < 2e-3, `${reached - optimum}`);
});

function lateLosses(problem: Problem, state: "infeasible" | "failed", seed: number): number {
  return study(problem, state, seed).lostAt.filter((trialNumber) => trialNumber >= TRIALS - LATE).length;
}

/**
 * Runs a study.
 *
 * @param cautionAfter - lost trials in a row after which the oracle is asked for caution
 */
function study(
  { space, goal, isLost, objective, noise = 0 }: Problem,
  state: "infeasible" | "failed",
  seed: number,
  cautionAfter = Number.POSITIVE_INFINITY,
) {
  const oracle = createOracle({ type: "bayesian" });
  const random = createRandom(seed);
  const completed: Observation[] = [];
  const lost: ParameterValues[] = [];
  const lostAt: number[] = [];
  const isLostByCaution: boolean[] = [];
  let lostInARow = 0;
  for (let trialNumber = 0; trialNumber < TRIALS; trialNumber++) {
    const isCautious = lostInARow >= cautionAfter && completed.length > 0;
    const request = {
      space,
      constraints: [],
      goal,
      completed,
      pending: [],
      infeasible: [],
      seed,
      trialNumber,
      isCautious,
    };
    const suggestion = oracle.suggest({ ...request, [state]: lost });
    assert.ok(suggestion !== "exhausted");
    const { values } = suggestion;
    if (isCautious) isLostByCaution.push(isLost(values));
    lostInARow = isLost(values) ? lostInARow + 1 : 0;
    if (isLost(values)) {
      lost.push(values);
      lostAt.push(trialNumber);
    } else completed.push({ values, objective: objective(values) + noise * random.normal() });
  }
  return { completed, lostAt, isLostByCaution };
}

function randomShare({ space, isLost }: Problem): number {
  const random = createRandom(1);
  const points = Array.from({ length: 2000 }, () => sampleRegion({ space, constraints: [] }, random));
  return points.filter((values) => values !== undefined && isLost(values)).length / points.length;
}

function cube(d: number): SearchSpace {
  const unit = { type: "double", min: 0, max: 1, scale: "linear" } as const;
  return Object.fromEntries(Array.from({ length: d }, (_, i) => [`x${i}`, unit]));
}

function distance({ x0, x1 }: ParameterValues, a: number, b: number): number {
  return Math.hypot(Number(x0) - a, Number(x1) - b);
}

test("is cautious in a space of one point, too", () => {
  const space: SearchSpace = { x: { type: "fixed", value: 3 } };
  const completed = [{ values: { x: 3 }, objective: 1 }];
  const request = {
    space,
    constraints: [],
    goal: "minimize",
    completed,
    pending: [],
    infeasible: [],
    seed: 1,
  } as const;
  const suggestion = createOracle({ type: "bayesian" }).suggest({ ...request, trialNumber: 1, isCautious: true });
  assert.deepEqual(suggestion, { values: { x: 3 }, source: "initial-design" });
});

test("proposes a point that completes where one more failure would end the study", () => {
  const names = (prefix: string, count = 4) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const lists: Problem = {
    space: {
      a: { type: "categorical", values: names("a") },
      b: { type: "categorical", values: names("b") },
      c: { type: "categorical", values: names("c", 16) },
    },
    goal: "minimize",
    isLost: ({ a, b }) => a === "a1" || b === "b2" || (a === "a3" && b === "b0"),
    objective: ({ a, b, c }) => Number(`${a}`.slice(1)) + Number(`${b}`.slice(1)) - Number(`${c}`.slice(1)),
  };
  let [cautious, failed] = [0, 0];
  for (const problem of [SERVER, lists, PROBLEMS["half of the cube, with the optimum on its edge"] as Problem]) {
    for (const seed of [1, 2, 3]) {
      const { isLostByCaution } = study(problem, "failed", seed, 2);
      cautious += isLostByCaution.length;
      failed += isLostByCaution.filter(Boolean).length;
    }
  }
  assert.ok(cautious > 10, `${cautious} cautious trials`);
  assert.ok(failed <= 0.1 * cautious, `${failed} of ${cautious} cautious trials failed`);
});
