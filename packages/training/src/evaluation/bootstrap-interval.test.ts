import assert from "node:assert/strict";
import { test } from "node:test";
import { weightedMean } from "../metric/contract/metric.js";
import { METRICS } from "../metric/metrics.js";
import { bootstrapInterval } from "./bootstrap-interval.js";
import { wilsonInterval } from "./wilson-interval.js";

test("is near the normal interval of a mean", () => {
  // Values 0 to 99: mean 49.5, deviation 28.87, standard error 2.887.
  const values = Float64Array.from({ length: 100 }, (_, row) => row);
  const interval = bootstrapInterval((weights) => weightedMean(values, weights), 100);
  const margin = 1.96 * Math.sqrt((100 ** 2 - 1) / 12 / 100);
  // 1,000 resamples leave an error of about a tenth of the standard error in each end.
  assert.ok(Math.abs((interval?.low ?? 0) - (49.5 - margin)) < 0.6, JSON.stringify(interval));
  assert.ok(Math.abs((interval?.high ?? 0) - (49.5 + margin)) < 0.6, JSON.stringify(interval));
});

test("is near Wilson's interval of an accuracy away from 0 and 1", () => {
  const labels = Uint8Array.from({ length: 400 }, (_, row) => row % 2);
  const outputs = Float32Array.from(labels, (label, row) => (row % 10 < 3 ? 1 - label : label));
  const targets = { kind: "classes", labels, classes: 2 } as const;
  const found = bootstrapInterval(METRICS.accuracy({ targets, outputs, width: 1 }), 400);
  const expected = wilsonInterval(280, 400);
  assert.ok(Math.abs((found?.low ?? 0) - expected.low) < 0.01, JSON.stringify(found));
  assert.ok(Math.abs((found?.high ?? 0) - expected.high) < 0.01, JSON.stringify(found));
});

test("is the same for the same predictions, and one point for one row", () => {
  const values = Float64Array.of(1, 5, 2, 8);
  const metric = (weights: ArrayLike<number>) => weightedMean(values, weights);
  assert.deepEqual(bootstrapInterval(metric, 4), bootstrapInterval(metric, 4));
  assert.deepEqual(
    bootstrapInterval(() => 3, 1),
    { low: 3, high: 3 },
  );
});

test("leaves out resamples without a value", () => {
  // The share of rows 0 among rows 0 and 1, undefined without either.
  const metric = (weights: ArrayLike<number>) =>
    (weights[0] as number) / ((weights[0] as number) + (weights[1] as number));
  const interval = bootstrapInterval(metric, 30);
  assert.ok(interval !== undefined && interval.low >= 0 && interval.high <= 1);
  assert.equal(
    bootstrapInterval(() => Number.NaN, 3),
    undefined,
  );
});
