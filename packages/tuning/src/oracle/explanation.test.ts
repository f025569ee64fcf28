import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { designSpace } from "../space/design-space.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";
import { sampleValues } from "../space/sampling/sampling.js";
import { ORACLE_NAMES } from "../spec/schema.js";
import { beliefOf } from "../surrogate/belief/belief.js";
import { fitSurrogate } from "../surrogate/surrogate.js";
import type { Explanation, ModelExplanation } from "./contract/explanation.js";
import type { SuggestionRequest } from "./contract/suggestion.js";
import { createOracle } from "./registry.js";

const SPACE: SearchSpace = {
  rate: { type: "double", min: 1e-4, max: 1, scale: "log" },
  width: { type: "integer", min: 1, max: 64, scale: "linear", step: 1 },
  kind: { type: "categorical", values: ["a", "b"] },
};

function requestOf(count: number, changes: Partial<SuggestionRequest> = {}): SuggestionRequest {
  const random = createRandom(4);
  const completed = Array.from({ length: count }, () => {
    const values = sampleValues(SPACE, random);
    const rate = Math.log10(values["rate"] as number) + 2;
    return { values, objective: 0.9 - rate * rate * 0.1 + 0.001 * (values["width"] as number) };
  });
  return {
    space: SPACE,
    goal: "maximize",
    completed,
    pending: [],
    infeasible: [],
    trialNumber: count,
    seed: 7,
    ...changes,
  };
}

function explained(type: (typeof ORACLE_NAMES)[number], request: SuggestionRequest): Explanation {
  const explanation = createOracle({ type }).explain(request);
  assert.ok(explanation !== "exhausted");
  return explanation;
}

function modelOf(request: SuggestionRequest, type: (typeof ORACLE_NAMES)[number] = "bayesian"): ModelExplanation {
  const { model } = explained(type, request);
  assert.ok(model !== undefined);
  return model;
}

for (const type of ORACLE_NAMES) {
  test(`${type}: explains the suggestion that it makes, by a place or a model`, () => {
    const random = createRandom(9);
    for (const count of [0, 1, 5, 14]) {
      const pending = count === 0 ? [] : [sampleValues(SPACE, random), sampleValues(SPACE, random)];
      const request = requestOf(count, { pending, trialNumber: count + pending.length });
      const { suggestion, place, model } = explained(type, request);
      assert.deepEqual(suggestion, createOracle({ type }).suggest(request));
      assert.equal(model !== undefined, suggestion.source === "model");
      assert.equal(place !== undefined, suggestion.source !== "model");
    }
  });
}

test("names the place in a sequence", () => {
  assert.deepEqual(explained("bayesian", requestOf(2)).place, { index: 2, count: 4 });
  assert.deepEqual(explained("bayesian", requestOf(2, { suggestionIndex: 1 })).place, { index: 1, count: 3 });
  const drawn = explained("keras-tuner", requestOf(0)).suggestion.values;
  assert.deepEqual(explained("keras-tuner", requestOf(2, { pending: [drawn] })).place, { index: 1, count: 9 });
  assert.deepEqual(explained("random", requestOf(2)).place, { index: 2 });
  const [first, second] = [explained("grid", requestOf(0)), explained("grid", requestOf(0))];
  assert.deepEqual(first, second);
  const completed = [{ values: first.suggestion.values, objective: 1 }];
  assert.deepEqual(explained("grid", { ...requestOf(0), completed }).place, { index: 1 });
  const used = { ...requestOf(0), pending: [explained("quasi-random", requestOf(0)).suggestion.values] };
  assert.deepEqual(explained("quasi-random", used).place, { index: 1 }, "a term that a trial has is passed over");
});

test("gives the posterior of the completed trials alone, whatever is pending", () => {
  const request = requestOf(12);
  const pending = [sampleValues(SPACE, createRandom(1)), sampleValues(SPACE, createRandom(2))];
  const { suggestion } = explained("bayesian", { ...request, pending });
  const { belief, best } = modelOf({ ...request, pending });
  const design = designSpace(SPACE);
  const process = fitSurrogate(request, design);
  assert.ok(process !== undefined);
  const { posterior, warped, sample } = process;
  const expected = (values: ParameterValues) =>
    beliefOf([{ warp: warped, target: posterior.predict(design.encode(values)) }], { ...request, scale: sample.scale });
  const there = expected(suggestion.values);
  const observed = request.completed.map(({ values }) => expected(values));
  assert.deepEqual([belief.mean, belief.low, belief.high], [there.mean, there.low, there.high]);
  assert.ok(belief.sd > 0 && belief.sd < belief.high - belief.low);
  assert.equal(best.mean, Math.max(...observed.map(({ mean }) => mean)));
});

test("gives the acquisition value of the suggested point, the best of all unseen candidates", () => {
  const { acquisition, runnersUp } = modelOf(requestOf(12));
  assert.equal(acquisition.name, "log-expected-improvement");
  assert.ok(runnersUp.length > 0);
  for (const runner of runnersUp) assert.ok(runner.acquisition <= acquisition.value);
  assert.equal(acquisition.feasibility, undefined);
  assert.ok(acquisition.expectedImprovement > 0);
  assert.ok(acquisition.probabilityOfImprovement > 0 && acquisition.probabilityOfImprovement < 1);
});

test("gives the probability of feasibility if a trial was infeasible", () => {
  const infeasible = [{ rate: 1, width: 60, kind: "a" }];
  const { feasibility = Number.NaN } = modelOf(requestOf(12, { infeasible })).acquisition;
  assert.ok(feasibility > 0.5 && feasibility <= 1, `${feasibility}`);
});

test("gives mirrored posteriors and equal improvement for mirrored objectives and goals", () => {
  const up = requestOf(12);
  const down: SuggestionRequest = {
    ...up,
    goal: "minimize",
    completed: up.completed.map(({ values, objective }) => ({ values, objective: -objective })),
  };
  for (const type of ["bayesian", "keras-tuner"] as const) {
    const [a, b] = [modelOf(up, type), modelOf(down, type)];
    assert.deepEqual([a.belief.mean, a.belief.low, a.belief.high], [-b.belief.mean, -b.belief.high, -b.belief.low]);
    assert.equal(a.best.mean, -b.best.mean);
    assert.equal(a.acquisition.expectedImprovement, b.acquisition.expectedImprovement);
    assert.deepEqual(a.kernel, b.kernel);
  }
});

test("gives numbers in the objective's units: 1,000 times the objective has 1,000 times the spread", () => {
  const small = requestOf(12);
  const large: SuggestionRequest = {
    ...small,
    completed: small.completed.map(({ values, objective }) => ({ values, objective: 1024 * objective })),
  };
  const [a, b] = [modelOf(small), modelOf(large)];
  const ratios = [
    b.belief.sd / a.belief.sd,
    b.kernel.noiseSd / a.kernel.noiseSd,
    b.kernel.signalSd / a.kernel.signalSd,
    (b.kernel.bend ?? 0) / (a.kernel.bend ?? 1),
    b.acquisition.expectedImprovement / a.acquisition.expectedImprovement,
  ];
  // A power of 2 scales without rounding, except where differences cancel.
  for (const ratio of ratios) assert.ok(Math.abs(ratio / 1024 - 1) < 1e-6, ratios.join());
  assert.deepEqual(a.kernel.lengthScales, b.kernel.lengthScales);
});

/** A discrete space of which a rule forbids a quarter, and an objective in [0, 3] without noise. */
const SERVER: SearchSpace = {
  dtype: { type: "categorical", values: ["fp16", "bf16"] },
  mode: { type: "categorical", values: ["off", "auto", "fp16", "fp8"] },
  batch: { type: "categorical", values: ["64", "128", "256", "512", "1024", "2048", "4096"] },
  tokens: { type: "categorical", values: ["512", "1024", "2048", "4096", "8192"] },
};

function isForbidden({ dtype, mode, batch, tokens }: ParameterValues): boolean {
  return Number(batch) > Number(tokens) || (dtype === "fp16" && mode === "fp8");
}

function serverObjective({ mode, batch, tokens }: ParameterValues): number {
  return Number(batch) / 4096 + Number(tokens) / 8192 + (mode === "fp8" ? 1 : 0);
}

/** Returns the requests after 8, 16, 24 and 32 trials of a search. */
function serverRequests(seed: number): SuggestionRequest[] {
  const oracle = createOracle({ type: "bayesian" });
  const tried: ParameterValues[] = [];
  const request = (): SuggestionRequest => ({
    space: SERVER,
    goal: "minimize",
    completed: tried
      .filter((values) => !isForbidden(values))
      .map((values) => ({ values, objective: serverObjective(values) })),
    pending: [],
    infeasible: tried.filter(isForbidden),
    trialNumber: tried.length,
    seed,
  });
  return Array.from({ length: 4 }, () => {
    for (let i = 0; i < 8; i++) {
      const suggestion = oracle.suggest(request());
      if (suggestion !== "exhausted") tried.push(suggestion.values);
    }
    return request();
  });
}

/** Returns the request in other units of the objective. */
function inUnits(request: SuggestionRequest, factor: number, shift: number): SuggestionRequest {
  const completed = request.completed.map(({ values, objective }) => ({
    values,
    objective: factor * objective + shift,
  }));
  return { ...request, completed };
}

test("gives a mean within the interval and near the range that was seen, with a deviation that fits both", () => {
  for (const request of [1, 2].flatMap(serverRequests)) {
    const { mean, sd, low, high } = modelOf(request).belief;
    const seen = request.completed.map(({ objective }) => objective);
    const [least, range] = [Math.min(...seen), Math.max(...seen) - Math.min(...seen)];
    const text = `mean ${mean}, sd ${sd}, interval ${low} to ${high}; range ${range} from ${least}`;
    assert.ok(low <= mean && mean <= high, text);
    // A tangent at the largest loss leaves few multiples of the range, an exponential hundreds.
    assert.ok(mean >= least - 2 * range && mean <= least + 3 * range, text);
    assert.ok(sd >= (high - low) / 12 && sd <= high - low, text);
  }
});

test("gives the same explanation in other units of the objective", () => {
  for (const request of serverRequests(3)) {
    for (const [factor, shift] of [
      [8, 0],
      [0.5, 256],
      [64, -1024],
    ] as const) {
      const [a, b] = [modelOf(request).belief, modelOf(inUnits(request, factor, shift)).belief];
      const pairs = [a.mean, a.low, a.high].map((value, i) => [factor * value + shift, [b.mean, b.low, b.high][i]]);
      // The shift leaves fewer digits for differences of objectives.
      const tolerance = 1e-6 * factor * a.sd + 1e-12 * Math.abs(shift);
      for (const [expected = Number.NaN, value = Number.NaN] of pairs)
        assert.ok(Math.abs(value - expected) <= tolerance, `${value} instead of ${expected}`);
      assert.ok(Math.abs(b.sd / (factor * a.sd) - 1) < 1e-6, `sd ${b.sd}`);
    }
  }
});

test("gives a longer length scale to a parameter with less effect", () => {
  const { lengthScales } = modelOf(requestOf(30)).kernel;
  assert.deepEqual(Object.keys(lengthScales), ["rate", "width", "kind"]);
  assert.ok((lengthScales["rate"] as number) < (lengthScales["kind"] as number), JSON.stringify(lengthScales));
});
