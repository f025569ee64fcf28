import assert from "node:assert/strict";
import { test } from "node:test";
import { experimentNames, loadSpec } from "../study/spec/experiments.js";
import { UsageError } from "../system/usage-error.js";
import { chosenExperiments, PUBLISHED_EXPERIMENTS, quickSpec } from "./published-experiments.js";
import { refitSpec } from "./refit-spec.js";

const NAMES = PUBLISHED_EXPERIMENTS.map(({ name }) => name);

test("the published experiments are those that come with Sintonia, with their data sets", () => {
  assert.deepEqual([...NAMES].sort(), experimentNames());
  for (const { name, dataset } of PUBLISHED_EXPERIMENTS) assert.equal(loadSpec(name).dataset.name, dataset, name);
});

test("experiments are chosen by data set and by name, and come in the order of the sheet", () => {
  assert.deepEqual(chosenExperiments(undefined, undefined), NAMES);
  assert.deepEqual(chosenExperiments("fashion-mnist", undefined), NAMES.slice(5));
  assert.deepEqual(chosenExperiments(undefined, ["fashion-init", "mnist-mlp"]), ["mnist-mlp", "fashion-init"]);
  assert.deepEqual(chosenExperiments("mnist", ["fashion-init", "mnist-mlp"]), ["mnist-mlp"]);
});

test("a name that is not published and a choice of nothing are refused", () => {
  assert.throws(() => chosenExperiments(undefined, ["mnist-mlp", "cifar"]), UsageError);
  assert.throws(() => chosenExperiments("mnist", ["fashion-init"]), /none of the experiments named is on mnist/);
});

test("a quick experiment differs in trials, epochs and rows alone, and can be refitted", () => {
  const spec = loadSpec("mnist-init");
  const quick = quickSpec(spec);
  assert.deepEqual({ ...quick, budget: spec.budget, dataset: spec.dataset, training: spec.training }, spec);
  assert.deepEqual({ ...(quick.training as object), maxEpochs: 100 }, spec.training);
  assert.ok(quick.budget.maxTrials < 10);
  assert.equal(quickSpec(loadSpec("mnist-mlp")).budget.maxTrials, 1);
  refitSpec(quick, { trialNumber: 0, values: { stddev: 0.05 }, learningRates: [0.1] });
});
