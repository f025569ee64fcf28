import assert from "node:assert/strict";
import { test } from "node:test";
import { loadNamedDataStudy } from "../study/spec/experiments.js";
import { experimentNames } from "../system/experiments.js";
import { UsageError } from "../system/usage-error.js";
import { chosenExperiments, PUBLISHED_EXPERIMENTS, quickSpec } from "./published-experiments.js";
import { refitSpec } from "./refit-spec.js";

const NAMES = PUBLISHED_EXPERIMENTS.map(({ name }) => name);

test("every published experiment comes with Sintonia and uses its data set", () => {
  assert.deepEqual([...NAMES].sort(), experimentNames());
  for (const { name, dataset } of PUBLISHED_EXPERIMENTS)
    assert.equal(loadNamedDataStudy(name).dataset.name, dataset, name);
});

test("chooses experiments by data set and by name, in the order of the lab sheet", () => {
  assert.deepEqual(chosenExperiments(undefined, undefined), NAMES);
  assert.deepEqual(chosenExperiments("fashion-mnist", undefined), NAMES.slice(5));
  assert.deepEqual(chosenExperiments(undefined, ["fashion-init", "mnist-mlp"]), ["mnist-mlp", "fashion-init"]);
  assert.deepEqual(chosenExperiments("mnist", ["fashion-init", "mnist-mlp"]), ["mnist-mlp"]);
});

test("refuses an unknown name and an empty choice", () => {
  assert.throws(() => chosenExperiments(undefined, ["mnist-mlp", "cifar"]), UsageError);
  assert.throws(
    () => chosenExperiments("mnist", ["fashion-init"]),
    /no experiment of these names uses the data set mnist/,
  );
});

test("a quick experiment differs only in trials, epochs and rows, and can be refitted", () => {
  const spec = loadNamedDataStudy("mnist-init");
  const quick = quickSpec(spec);
  assert.deepEqual({ ...quick, budget: spec.budget, dataset: spec.dataset, training: spec.training }, spec);
  assert.deepEqual({ ...(quick.training as object), maxEpochs: 100 }, spec.training);
  assert.ok(quick.budget.maxTrials < 10);
  assert.equal(quickSpec(loadNamedDataStudy("mnist-mlp")).budget.maxTrials, 1);
  refitSpec(quick, { trialNumber: 0, values: { stddev: 0.05 }, learningRates: [0.1] });
});
