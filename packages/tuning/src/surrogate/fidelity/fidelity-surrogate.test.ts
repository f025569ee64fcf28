import assert from "node:assert/strict";
import { test } from "node:test";
import type { StudyHistory } from "../../objective/observation.js";
import { designSpace } from "../../space/design-space.js";
import { fitSurrogate } from "../surrogate.js";
import { fitFidelitySurrogate } from "./fidelity-surrogate.js";

/** Final accuracy of x; the curve lacks a tenth at a ninth of the training. */
const finalAt = (x: number) => 0.9 - (x - 0.7) ** 2;
const partialAt = (x: number) => finalAt(x) - 0.1 - 0.05 * x;

const HISTORY: StudyHistory = {
  space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
  goal: "maximize",
  completed: [0.1, 0.35].map((x) => ({ values: { x }, objective: finalAt(x) })),
  partial: [0.1, 0.2, 0.35, 0.5, 0.6, 0.7, 0.85, 1].map((x) => ({
    values: { x },
    objective: partialAt(x),
    fidelity: 1 / 9,
  })),
  infeasible: [],
  seed: 1,
};
const design = designSpace(HISTORY.space);

test("results before the end show where final ones are good", () => {
  const { posterior } = fitFidelitySurrogate(HISTORY, design) ?? assert.fail();
  const means = [0.2, 0.5, 0.7].map((x) => posterior.predict(Float64Array.of(x)).mean);
  assert.ok(Math.min(...means.slice(1)) > (means[0] as number) + 0.5, `${means}`);
});

test("a partial result leaves more doubt about the end than a final one, and less than none", () => {
  const { posterior } = fitFidelitySurrogate(HISTORY, design) ?? assert.fail();
  const variance = (x: number) => posterior.predict(Float64Array.of(x)).variance;
  assert.ok(variance(0.35) < variance(0.7) / 2, `${variance(0.35)} at a final result, ${variance(0.7)} beside`);
  const finals = fitSurrogate(HISTORY, design) ?? assert.fail();
  const { parameters } = fitFidelitySurrogate(HISTORY, design) ?? assert.fail();
  assert.ok(variance(0.85) / parameters.signalVariance < finals.posterior.predict(Float64Array.of(0.85)).variance);
});

test("pending trials, with partial results and without, add no observation", () => {
  const alone = fitFidelitySurrogate(HISTORY, design) ?? assert.fail();
  const pending = [{ x: 0.7 }, { x: 0.95 }, { x: 0.97 }];
  const { posterior } = fitFidelitySurrogate(HISTORY, design, pending) ?? assert.fail();
  for (const x of [0.3, 0.7, 0.9]) {
    const [own, other] = [alone.posterior, posterior].map((process) => process.predict(Float64Array.of(x)));
    assert.ok(Math.abs((own?.mean ?? 0) - (other?.mean ?? 1)) < 1e-9, `the mean at ${x} stays`);
    assert.ok((own?.variance ?? 0) >= (other?.variance ?? 1) - 1e-9, `the variance at ${x} does not rise`);
  }
});
