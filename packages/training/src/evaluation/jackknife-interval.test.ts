import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "@sintonia/tuning/random/random";
import { type RowWeights, weightedMean } from "../metric/contract/metric.js";
import { METRICS } from "../metric/metrics.js";
import { bootstrapInterval } from "./bootstrap-interval.js";
import { jackknifeInterval } from "./jackknife-interval.js";

const ROWS = 4_000;

test("is near the normal interval of a mean, after 40 passes over the rows", () => {
  const values = Float64Array.from({ length: ROWS }, (_, row) => row % 100);
  let passes = 0;
  const metric = (weights: RowWeights) => {
    passes++;
    return weightedMean(values, weights);
  };
  const interval = jackknifeInterval(metric, { value: 49.5, rows: ROWS });
  const margin = 1.96 * Math.sqrt((100 ** 2 - 1) / 12 / ROWS);
  // The standard error of the deviation is 11 %; three of them, and Student's margin 2.02.
  const found = ((interval?.high ?? 0) - (interval?.low ?? 0)) / 2;
  assert.ok(Math.abs(found / margin - 1) < 0.35, `${found}, ${margin}`);
  assert.equal(passes, 40);
});

test("is near the bootstrap's interval of an area under the curve", () => {
  const random = createRandom(5);
  const labels = Uint8Array.from({ length: ROWS }, () => (random.uniform() < 0.2 ? 1 : 0));
  const outputs = Float32Array.from(labels, (label) => 0.3 * label + 0.7 * random.uniform());
  const metric = METRICS.auc({ targets: { kind: "classes", labels, classes: 2 }, outputs, width: 1 });
  const value = metric(new Uint8Array(ROWS).fill(1));
  const [found, expected] = [jackknifeInterval(metric, { value, rows: ROWS }), bootstrapInterval(metric, ROWS)];
  const width = (expected?.high ?? 0) - (expected?.low ?? 0);
  assert.ok(Math.abs((found?.low ?? 0) - (expected?.low ?? 0)) < width / 4, JSON.stringify([found, expected]));
  assert.ok(Math.abs((found?.high ?? 0) - (expected?.high ?? 0)) < width / 4, JSON.stringify([found, expected]));
  assert.deepEqual(jackknifeInterval(metric, { value, rows: ROWS }), found);
});

test("leaves out groups without which the metric is undefined", () => {
  // Undefined without row 0.
  const metric = (weights: RowWeights) => (weights[0] === 0 ? Number.NaN : weightedMean(VALUES, weights));
  const interval = jackknifeInterval(metric, { value: 0.5, rows: VALUES.length });
  assert.ok(interval !== undefined && interval.low < 0.5 && interval.high > 0.5);
  assert.equal(
    jackknifeInterval(() => Number.NaN, { value: 1, rows: 100 }),
    undefined,
  );
});

const VALUES = Float64Array.from({ length: 200 }, (_, row) => row % 2);
