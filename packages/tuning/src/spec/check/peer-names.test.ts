// Names of peers and misspelled names in every place of a spec that has a fixed set of names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../../validation/problems.js";
import { parseStudySpec } from "./parse.js";

const SPEC = `name: example
dataset: { name: mnist, split: { train: [0, 50000], validation: [50000, 60000] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 10 }
oracle: { type: bayesian }
selection: observed
parameters:
  rate: { type: double, min: 0.01, max: 0.10, scale: log }
model:
  layers:
    - { type: Dense, units: 8, activation: relu, kernelInitializer: HeNormal }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: $rate }
  loss: categorical_crossentropy
  batchSize: 256
  maxEpochs: 100
  callbacks:
    - { type: EarlyStopping, monitor: val_accuracy, patience: 20 }
`;

const CASES: readonly [from: string, to: string, path: string, hint: string][] = [
  ["type: double", "type: int", "parameters.rate.type", "integer"],
  ["type: double", "type: float", "parameters.rate.type", "double"],
  ["type: double", "type: choice", "parameters.rate.type", "categorical"],
  ["type: double", "type: loguniform", "parameters.rate.type", "double with scale: log"],
  ["type: double", "type: quniform", "parameters.rate.type", "double with a step"],
  ["scale: log", "scale: logarithmic", "parameters.rate.scale", "log"],
  ["scale: log", "sampling: log", "parameters.rate.sampling", "scale"],
  ["loss: categorical_crossentropy", "loss: crossentropy", "training.loss", "categorical_crossentropy"],
  ["loss: categorical_crossentropy", "loss: { type: nll }", "training.loss.type", "categorical_crossentropy"],
  ["metric: val_accuracy", "metric: val_acc", "objective.metric", "val_accuracy"],
  ["goal: maximize", "goal: max", "objective.goal", "maximize"],
  ["type: adam", "type: adamm", "training.optimizer.type", "adam"],
  ["learningRate: $rate", "lr: $rate", "training.optimizer.lr", "learningRate"],
  ["type: Dense", "type: Linear", "model.layers[0].type", "Dense"],
  ["units: 8", "units: 8, repeats: 2", "model.layers[0].repeats", "repeat"],
  ["units: 8", "units: 8, if: { rate: 1 }", "model.layers[0].if", "when"],
  ["patience: 20", "patience: 20, condition: { rate: 1 }", "training.callbacks[0].condition", "when"],
  ["activation: relu", "activation: ReLU", "model.layers[0].activation", "relu"],
  ["Initializer: HeNormal", "Initializer: kaiming_normal", "model.layers[0].kernelInitializer", "HeNormal"],
  ["type: EarlyStopping", "type: early_stopping", "training.callbacks[0].type", "EarlyStopping"],
  ["monitor: val_accuracy", "monitor: val_acc", "training.callbacks[0].monitor", "val_accuracy"],
  ["maxEpochs:", "epochs:", "training.epochs", "maxEpochs"],
  ["batchSize:", "batch_size:", "training.batch_size", "batchSize"],
  ["name: mnist", "name: fashion_mnist", "dataset.name", "fashion-mnist"],
  ["type: bayesian", "type: tpe", "oracle.type", "bayesian"],
  ["maxTrials: 10", "n_trials: 10", "budget.n_trials", "maxTrials"],
  ["maxTrials: 10", "maxTrialCount: 10", "budget.maxTrialCount", "maxTrials"],
  ["maxTrials: 10", "timeout: 600", "budget.timeout", "maxSeconds"],
  ["maxTrials: 10", "time_budget_s: 600", "budget.time_budget_s", "maxSeconds"],
  ["maxTrials: 10", "walltime_limit: 600", "budget.walltime_limit", "maxSeconds"],
  ["maxTrials: 10", "time_total_s: 600", "budget.time_total_s", "maxSecondsPerTrial"],
  ["maxTrials: 10", "trial_walltime_limit: 600", "budget.trial_walltime_limit", "maxSecondsPerTrial"],
  ["maxTrials: 10", "improvement_threshold: 0.1", "budget.improvement_threshold", "minImprovement"],
  ["maxTrials: 10", "cputime_limit: 600", "budget.cputime_limit", "maxTrainerSeconds"],
  ["maxTrials: 10", "epochs: 600", "budget.epochs", "maxEpochs"],
  ["selection: observed", "selection: posterior_mean", "selection", "posterior-mean"],
];

for (const [from, to, path, hint] of CASES) {
  test(`asks for "${to}" whether ${hint} was meant`, () => {
    const result = parseStudySpec(SPEC.replace(from, to));
    assert.ok(!result.ok);
    const problem = result.problems.find((candidate) => candidate.path === path);
    assert.ok(problem?.expected.endsWith(`did you mean ${hint}?`), formatProblems(result.problems));
  });
}
