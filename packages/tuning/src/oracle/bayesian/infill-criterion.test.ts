import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { designSpace } from "../../space/design-space.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import { logH } from "./acquisition/log-expected-improvement.js";
import { fitCriterion } from "./infill-criterion.js";

test("improves on the best posterior mean and not on the luckiest observation", () => {
  const request = noisyRequest();
  const { surrogate, leadingPoints, acquisition } = criterion(request);
  const { posterior } = surrogate;
  const lucky = request.completed.reduce((best, other) => (other.objective > best.objective ? other : best));
  const means = request.completed.map(({ values }) => posterior.predict(Float64Array.of(values["x"] as number)).mean);
  const best = Math.max(...means);
  const incumbent = leadingPoints[0]?.[0] as number;
  assert.equal(incumbent, request.completed[means.indexOf(best)]?.values["x"]);
  assert.notEqual(incumbent, lucky.values["x"]);
  const { mean, variance } = posterior.predict(Float64Array.of(0.3));
  const sd = Math.sqrt(variance);
  // The noise variance above 1e-3 lowers the value where the posterior variance is small.
  const noise = Math.sqrt(Math.max(0, posterior.parameters.noiseVariance - 1e-3));
  const expected = Math.log(sd) + logH((mean - best) / sd) + Math.log(1 - noise / Math.hypot(sd, noise));
  assert.ok(Math.abs(acquisition.value(Float64Array.of(0.3)) - expected) < 1e-9);
});

test("extrapolates with the mean of the function and not with that of crowded trials", () => {
  const space: SearchSpace = Object.fromEntries(
    ["x", "y", "z"].map((name) => [name, { type: "double", min: 0, max: 1, scale: "linear" }]),
  );
  const random = createRandom(3);
  const near = Array.from({ length: 24 }, () => [0, 1, 2].map(() => 0.4 + 0.2 * random.uniform()));
  const far = Array.from({ length: 5 }, () => [0, 1, 2].map(() => random.integer(2)));
  const completed = [...near, ...far].map(([x, y, z]) => ({
    values: { x, y, z } as ParameterValues,
    objective: [x, y, z].reduce((sum: number, place) => sum + ((place as number) - 0.5) ** 2, 0),
  }));
  const request = {
    space,
    goal: "minimize",
    completed,
    pending: [],
    infeasible: [],
    trialNumber: 29,
    seed: 1,
  } as const;
  const { surrogate } = fitCriterion(request, designSpace(space), createRandom(1)) ?? assert.fail();
  const { posterior, warped } = surrogate;
  // Far outside the cube, the posterior mean is the estimated mean of the function.
  const { mean } = posterior.predict(Float64Array.of(1000, 1000, 1000));
  const [crowded, others] = [warped.targets.slice(0, 24), warped.targets.slice(24)].map(
    (targets) => targets.reduce((sum, target) => sum + target, 0) / targets.length,
  ) as [number, number];
  // Each distant trial has as much weight in the mean as all crowded ones together.
  assert.ok(mean < 0.5 * crowded + 0.5 * others, `${mean} between ${others} and ${crowded}`);
});

test("is lower next to a pending trial and the same far from it", () => {
  const request = noisyRequest();
  const without = criterion(request).acquisition;
  const pending = criterion({ ...request, pending: [{ x: 0.3 }] }).acquisition;
  const change = (x: number) => pending.value(Float64Array.of(x)) - without.value(Float64Array.of(x));
  assert.ok(change(0.3) < -0.03, `${change(0.3)}`);
  assert.ok(Math.abs(change(1)) < -change(0.3) / 5, `${change(1)} against ${change(0.3)}`);
});

test("fits the same surrogate with and without infeasible trials", () => {
  const request = noisyRequest();
  const before = criterion(request);
  const after = criterion({ ...request, infeasible: [{ x: 0.01 }, { x: 0.99 }] });
  assert.deepEqual(after.surrogate.parameters, before.surrogate.parameters);
  assert.ok(after.acquisition.value(Float64Array.of(0.99)) < before.acquisition.value(Float64Array.of(0.99)) - 0.1);
});

function criterion(request: SuggestionRequest) {
  return fitCriterion(request, designSpace(request.space), createRandom(1)) ?? assert.fail();
}

/**
 * Returns noisy observations of a broad hill with its top at 0.6; one at its foot has a far larger
 * error than the others.
 */
function noisyRequest(): SuggestionRequest {
  const random = createRandom(3);
  const completed = Array.from({ length: 20 }, (_, i) => {
    const x = (i + 0.5) / 20;
    return { values: { x }, objective: -4 * (x - 0.6) ** 2 + 0.2 * random.normal() + (i === 3 ? 1.2 : 0) };
  });
  const space = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;
  return { space, goal: "maximize", completed, pending: [], infeasible: [], trialNumber: 20, seed: 1 };
}
