import assert from "node:assert/strict";
import { test } from "node:test";
import type { Aims } from "../../../objective/outcomes.js";
import { createRandom } from "../../../random/random.js";
import { designSpace } from "../../../space/design-space.js";
import type { ParameterValues, SearchSpace } from "../../../space/parameter.js";
import type { SuggestionRequest } from "../../contract/suggestion.js";
import { bayesianOracle } from "../bayesian-oracle.js";
import { fitFrontCriterion } from "./front-criterion.js";

const space: SearchSpace = {
  x: { type: "double", min: 0, max: 1, scale: "linear" },
  y: { type: "double", min: 0, max: 1, scale: "linear" },
};
const aims: Aims = {
  objectives: [
    { name: "cost", goal: "minimize" },
    { name: "gain", goal: "maximize" },
  ],
  limits: [{ text: "size <= 1", name: "size", comparison: "<=", bound: 1 }],
};

/** The front is y = 0 with x from 0 to 1; the limit cuts it at x = 0.8. */
function outcomesAt({ x = 0, y = 0 }: ParameterValues): Record<string, number> {
  const [a, b] = [Number(x), Number(y)];
  return { cost: a * a + b, gain: 1 - (1 - a) ** 2 - b, size: 0.2 + a + 0.1 * b };
}

function request(
  count: number,
  { noise = 0, pending = [] as ParameterValues[], given = aims } = {},
): SuggestionRequest {
  const random = createRandom(11);
  const completed = Array.from({ length: count }, () => {
    const values = { x: random.uniform(), y: random.uniform() };
    const told = Object.entries(outcomesAt(values)).map(([name, value]) => {
      const noiseVariance = noise > 0 ? { noiseVariance: noise ** 2 } : {};
      return [name, { value: value + noise * random.normal(), ...noiseVariance }] as const;
    });
    return { values, objective: told[0]?.[1].value as number, outcomes: Object.fromEntries(told) };
  });
  return { goal: "minimize", space, aims: given, completed, pending, infeasible: [], trialNumber: count, seed: 3 };
}

function criterionOf(given: SuggestionRequest) {
  const fitted = fitFrontCriterion(given, given.aims as Aims, { design: designSpace(space), random: createRandom(1) });
  return fitted ?? assert.fail("no criterion");
}

const CASES = [
  ["measured exactly", {}],
  [
    "with two trials pending",
    {
      pending: [
        { x: 0.3, y: 0.1 },
        { x: 0.9, y: 0.4 },
      ],
    },
  ],
  ["with noise and a trial pending", { noise: 0.1, pending: [{ x: 0.5, y: 0 }] }],
] as const;

for (const [name, settings] of CASES) {
  test(`the gradient of the acquisition function equals finite differences, ${name}`, () => {
    const { acquisition } = criterionOf(
      request(12, { ...settings, pending: [...("pending" in settings ? settings.pending : [])] }),
    );
    const random = createRandom(2);
    const step = 1e-6;
    for (let probe = 0; probe < 10; probe++) {
      const point = Float64Array.of(random.uniform(), random.uniform());
      const { value, gradient } = acquisition.evaluate(point);
      const slopes = gradient();
      assert.equal(value, acquisition.value(point));
      assert.equal(acquisition.values([point, point])[1], value);
      slopes.forEach((slope, k) => {
        const moved = (by: number) => acquisition.value(point.with(k, (point[k] as number) + by));
        const numeric = (moved(step) - moved(-step)) / (2 * step);
        assert.ok(Math.abs(slope - numeric) <= 1e-3 * (1 + Math.abs(numeric)), `probe ${probe}: ${slope}, ${numeric}`);
      });
    }
  });
}

test("the acquisition function is far lower where the limit is broken", () => {
  const { acquisition } = criterionOf(request(15));
  assert.ok(acquisition.value(Float64Array.of(0.99, 0)) < acquisition.value(Float64Array.of(0.7, 0)) - 5);
});

test("a pending trial makes its neighbourhood less attractive", () => {
  const point = Float64Array.of(0.5, 0);
  const free = criterionOf(request(15)).acquisition.value(point);
  const taken = criterionOf(request(15, { pending: [{ x: 0.5, y: 0 }] })).acquisition.value(point);
  assert.ok(taken < free - 1, `${taken}, ${free}`);
});

test("the front of noisy trials is that of posterior means", () => {
  const { models, front } = criterionOf(request(15, { noise: 0.2 }));
  assert.ok(models.objectives.every(({ noiseVariance }) => noiseVariance > 0));
  assert.ok(front.length > 0);
});

test("suggestions approach the front within the limit", () => {
  let given = request(6);
  for (let i = 0; i < 20; i++) {
    const suggestion = bayesianOracle.suggest({ ...given, trialNumber: given.completed.length });
    if (suggestion === "exhausted") assert.fail("exhausted");
    const told = Object.entries(outcomesAt(suggestion.values)).map(([name, value]) => [name, { value }] as const);
    const trial = {
      values: suggestion.values,
      objective: told[0]?.[1].value as number,
      outcomes: Object.fromEntries(told),
    };
    given = { ...given, completed: [...given.completed, trial] };
  }
  const suggested = given.completed.slice(6).map(({ values }) => ({ x: Number(values["x"]), y: Number(values["y"]) }));
  const near = suggested.filter(({ x, y }) => y < 0.05 && x < 0.82);
  assert.ok(near.length >= 12, `${near.length} of 20 near the front: ${JSON.stringify(suggested)}`);
  assert.ok(near.some(({ x }) => x > 0.75) && near.some(({ x }) => x < 0.1), "no end of the front was found");
});

test("a single objective with a limit is improved within the limit", () => {
  const given: Aims = { objectives: [{ name: "gain", goal: "maximize" }], limits: aims.limits };
  const { acquisition } = criterionOf(request(15, { given }));
  const at = (x: number) => acquisition.value(Float64Array.of(x, 0));
  assert.ok(at(0.79) > at(0.5) && at(0.79) > at(1), `${at(0.5)}, ${at(0.79)}, ${at(1)}`);
});

test("equal objectives of all trials leave a suggestion", () => {
  const equal = request(6).completed.map(({ values }) => ({
    values,
    objective: 1,
    outcomes: { cost: { value: 1 }, gain: { value: 1 }, size: { value: 5 } },
  }));
  assert.notEqual(bayesianOracle.suggest({ ...request(6), completed: equal }), "exhausted");
});
