import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import type { SuggestionRequest } from "../oracle.js";
import { logExpectedImprovement } from "./acquisition/log-expected-improvement.js";
import { designSpace } from "./dimension.js";
import { fitKernel } from "./gaussian-process/fit.js";
import { conditionOn, type Posterior } from "./gaussian-process/posterior.js";
import { surrogateOf } from "./surrogate.js";
import { trainingSet } from "./training-set.js";

test("takes the best expectation, and not the luckiest observation, for what is to be improved on", () => {
  const request = noisyRequest();
  const { posterior, surrogate } = both(request);
  const lucky = request.completed.reduce((best, other) => (other.objective > best.objective ? other : best));
  const means = request.completed.map(({ values }) => posterior.predict(Float64Array.of(values["x"] as number)).mean);
  const best = Math.max(...means);
  const incumbent = surrogate.incumbent[0] as number;
  assert.equal(incumbent, request.completed[means.indexOf(best)]?.values["x"]);
  assert.notEqual(incumbent, lucky.values["x"]);
  const { mean, variance } = posterior.predict(Float64Array.of(0.3));
  const expected = logExpectedImprovement(mean, Math.sqrt(variance), best).value;
  assert.ok(Math.abs(surrogate.acquisition.value(Float64Array.of(0.3)) - expected) < 1e-9);
});

test("has the gradient that finite differences show", () => {
  const { surrogate } = both({ ...noisyRequest(), pending: [{ x: 0.4 }] });
  for (const x of [0.05, 0.33, 0.41, 0.9]) {
    const { value, gradient } = surrogate.acquisition.valueAndGradient(Float64Array.of(x));
    assert.equal(value, surrogate.acquisition.value(Float64Array.of(x)));
    const step = 1e-6;
    const up = surrogate.acquisition.value(Float64Array.of(x + step));
    const down = surrogate.acquisition.value(Float64Array.of(x - step));
    const numeric = (up - down) / (2 * step);
    assert.ok(Math.abs(numeric - (gradient[0] as number)) < 1e-5 * Math.max(1, Math.abs(numeric)), `at ${x}`);
  }
});

test("expects less improvement next to a pending trial, and as much as before far from it", () => {
  const request = noisyRequest();
  const without = both(request).surrogate.acquisition;
  const pending = both({ ...request, pending: [{ x: 0.3 }] }).surrogate.acquisition;
  const change = (x: number) => pending.value(Float64Array.of(x)) - without.value(Float64Array.of(x));
  assert.ok(change(0.3) < -0.1, `${change(0.3)}`);
  assert.ok(Math.abs(change(1)) < 0.05, `${change(1)}`);
});

function both(request: SuggestionRequest) {
  const design = designSpace(request.space);
  const data = trainingSet(request, design);
  const posterior = conditionOn(data, fitKernel(data)) as Posterior;
  const surrogate = surrogateOf(request, design);
  assert.ok(surrogate !== undefined);
  return { posterior, surrogate };
}

/** A broad hill with its top at 0.6, and noise of which one observation at its foot had far more than its share. */
function noisyRequest(): SuggestionRequest {
  const random = createRandom(3);
  const completed = Array.from({ length: 20 }, (_, i) => {
    const x = (i + 0.5) / 20;
    return { values: { x }, objective: -4 * (x - 0.6) ** 2 + 0.2 * random.normal() + (i === 3 ? 1.2 : 0) };
  });
  const space = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;
  return { space, goal: "maximize", completed, pending: [], infeasible: [], trialNumber: 20, seed: 1 };
}
