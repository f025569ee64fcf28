import assert from "node:assert/strict";
import { test } from "node:test";
import type * as tf from "@tensorflow/tfjs";
import type { Build, Dataset, Fit, FitCallbacks, Parameters, Rows } from "../../../../clients/module/index.js";
import type { FitRows } from "./fit/fit-data.js";
import type { ModuleDataset } from "./user/module-dataset.js";

// The compiler checks these functions: the published types are those of the arguments.
const build: Build<{ units: number }> = ({ tf: library, values, dataset }) => {
  const { inputShape, outputs: units } = dataset;
  const hidden = library.layers.dense({ inputShape, units: values.units });
  return library.sequential({ layers: [hidden, library.layers.dense({ units, activation: "softmax" })] });
};
const fit: Fit = async ({ model, dataset, callbacks, epochs, initialEpoch, batchSize }) => {
  await model.fit(dataset.train.inputs, dataset.train.targets, { epochs, initialEpoch, batchSize, callbacks });
};
const parameters: Parameters = { units: { type: "integer", min: 1, max: 64, scale: "log" } };

type Published<T, P> = T extends P ? true : false;

test("the published types fit what modules get", () => {
  const dataset: Published<Omit<ModuleDataset, "inputShape">, Omit<Dataset, "inputShape">> = true;
  const rows: Published<FitRows, Rows> = true;
  const callbacks: Published<FitCallbacks, tf.CustomCallbackArgs> = true;
  assert.ok(dataset && rows && callbacks);
  assert.deepEqual([typeof build, typeof fit, Object.keys(parameters)], ["function", "function", ["units"]]);
});
