// Names that every object inherits are refused in every place of a spec that has a fixed set of
// names, like any other unknown name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../../validation/problems.js";
import { parseStudySpec } from "./parse.js";

const SPEC = `name: example
description: text
dataset: { name: mnist, split: { train: [0, 50000], validation: [50000, 60000] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 10 }
oracle: { type: bayesian }
selection: { rule: observed }
parameters:
  rate: { type: double, min: 0.01, max: 0.10, scale: log }
  kind: { type: categorical, values: [relu, tanh] }
  extra: { type: integer, min: 0, max: 3, when: { kind: relu } }
constraints: ["rate <= 1"]
enqueue: [{ rate: 0.05 }]
warmStart: [{ values: { kind: tanh, rate: 0.05 }, objective: 1 }]
model:
  layers:
    - { type: Dense, units: 8, activation: $kind, kernelInitializer: HeNormal, repeat: $extra, when: { kind: relu } }
    - { units: 10, activation: softmax, biasInitializer: { type: Zeros } }
training:
  optimizer: { type: adam, learningRate: $rate }
  loss: categorical_crossentropy
  batchSize: 256
  maxEpochs: 100
  keep: best-epoch
  callbacks:
    - { type: EarlyStopping, monitor: val_accuracy, patience: 20, mode: auto }
`;

/** For each place, its text and the same text with the name `NAME`. */
const PLACES: readonly (readonly [from: string, to: string])[] = [
  ["name: mnist", "name: NAME"],
  ["metric: val_accuracy", "metric: NAME"],
  ["goal: maximize", "goal: NAME"],
  ["type: bayesian", "type: NAME"],
  ["rule: observed", "rule: NAME"],
  ["type: double", "type: NAME"],
  ["scale: log", "scale: NAME"],
  ["max: 3, when: { kind: relu }", "max: 3, when: { NAME: relu }"],
  ["max: 3, when: { kind: relu }", "max: 3, when: { kind: NAME }"],
  ["$extra, when: { kind: relu }", "$extra, when: { NAME: relu }"],
  ["$extra, when: { kind: relu }", "$extra, when: { kind: NAME }"],
  ["rate <= 1", "NAME <= 1"],
  ["[{ rate: 0.05 }]", "[{ NAME: 0.05 }]"],
  ["type: Dense", "type: NAME"],
  ["activation: $kind", "activation: NAME"],
  ["activation: $kind", "activation: $NAME"],
  ["HeNormal", "NAME"],
  ["type: Zeros", "type: NAME"],
  ["type: adam", "type: NAME"],
  ["loss: categorical_crossentropy", "loss: NAME"],
  ["keep: best-epoch", "keep: NAME"],
  ["type: EarlyStopping", "type: NAME"],
  ["monitor: val_accuracy", "monitor: NAME"],
  ["mode: auto", "mode: NAME"],
  ["learningRate: $rate", "learningRate: { type: NAME }"],
  ["units: 8", "units: 8, NAME: 3"],
  ["description: text", "NAME: text"],
  ["maxTrials: 10", "maxTrials: 10, NAME: 1"],
];

test("accepts the spec without inherited names", () => {
  const result = parseStudySpec(SPEC);
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
});

for (const name of ["__proto__", "constructor", "toString", "valueOf", "hasOwnProperty"]) {
  test(`refuses ${name} wherever it is no known name`, () => {
    for (const [from, to] of PLACES) {
      assert.ok(SPEC.includes(from), from);
      const text = SPEC.replace(from, () => to.replace("NAME", () => name));
      assert.ok(!parseStudySpec(text).ok, text);
    }
  });
}
