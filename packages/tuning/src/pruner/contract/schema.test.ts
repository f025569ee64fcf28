import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf } from "../../validation/schema.js";
import { prunerSchema } from "./schema.js";

function findings(value: unknown): string[] {
  const result = prunerSchema.safeParse(value);
  if (result.success) return [];
  return findingsOf(result.error, value).map(({ path, expected }) => `${path.join(".")}: ${expected}`);
}

test("a text stands for a pruner with its defaults, which are Optuna's", () => {
  const comparison = { startupTrials: 5, warmupEpochs: 0, interval: 1, minTrials: 1 };
  assert.deepEqual(prunerSchema.parse("none"), { type: "none" });
  assert.deepEqual(prunerSchema.parse("median"), { type: "median", ...comparison });
  assert.deepEqual(prunerSchema.parse({ type: "percentile", percentile: 25, minTrials: 2 }), {
    type: "percentile",
    percentile: 25,
    ...comparison,
    minTrials: 2,
  });
  assert.deepEqual(prunerSchema.parse("wilcoxon"), { type: "wilcoxon", pThreshold: 0.1, startupSteps: 2 });
  assert.deepEqual(prunerSchema.parse("asha"), { type: "asha", minEpochs: 1, reductionFactor: 4 });
  assert.deepEqual(prunerSchema.parse("hyperband"), { type: "hyperband", minEpochs: 1, reductionFactor: 3 });
  const threshold = { type: "threshold", lower: 0.5, warmupEpochs: 3 };
  assert.deepEqual(prunerSchema.parse(threshold), { ...threshold, interval: 1 });
});

test("a mapping without a type stands for the pruner curve", () => {
  assert.deepEqual(prunerSchema.parse({}), { type: "curve" });
  assert.deepEqual(prunerSchema.parse("curve"), { type: "curve" });
  assert.deepEqual(prunerSchema.parse({ risk: 0.05 }), { type: "curve", risk: 0.05 });
  assert.deepEqual(prunerSchema.parse({ finalists: 3 }), { type: "curve", finalists: 3 });
  assert.deepEqual(findings({ risk: 1 }), ["risk: a number above 0 and below 1"]);
  assert.deepEqual(findings({ finalists: 0 }), ["finalists: a whole number from 1 to 10,000"]);
});

test("refuses a text for a pruner that has a key without a default", () => {
  assert.deepEqual(findings("percentile"), [": a mapping, such as { type: percentile, percentile: 25 }"]);
  assert.deepEqual(findings("threshold"), [": a mapping, such as { type: threshold, lower: 0.2 }"]);
});

test("refuses unknown pruners, keys and values, each with its path", () => {
  assert.match(findings("medain").join(), /^: one of none, median, .*; did you mean median\?$/);
  assert.match(findings({ type: "median", startupTrial: 3 }).join(), /^startupTrial: .*did you mean startupTrials\?$/);
  assert.deepEqual(findings({ type: "percentile" }), ["percentile: a number from 0 to 100"]);
  assert.deepEqual(findings({ type: "median", interval: 0 }), ["interval: a whole number from 1 to 10,000"]);
  const hyperband = { type: "hyperband", minEpochs: 5, maxEpochs: 4 };
  assert.deepEqual(findings(hyperband), ["maxEpochs: a number of at least minEpochs"]);
  assert.deepEqual(findings({ type: "wilcoxon", pThreshold: 0 }), ["pThreshold: a number above 0 and below 1"]);
  assert.deepEqual(findings({ type: "threshold" }), [": lower, upper or both"]);
  assert.deepEqual(findings({ type: "threshold", lower: 2, upper: 1 }), ["upper: a number of at least lower"]);
});
