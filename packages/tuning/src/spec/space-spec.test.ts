// Specs with conditions, constraints and parameters of all kinds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../validation/problems.js";
import { checkStudySpec, parseStudySpec } from "./check/parse.js";
import { specToJson } from "./json.js";
import { planOf } from "./resolve.fixture.js";

const SPEC = `name: example
dataset: { name: mnist, split: { train: [0, 50000], validation: [50000, 60000] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 10 }
parameters:
  optimizer: { type: categorical, values: [sgd, adam] }
  momentum: { type: double, min: 0, max: 0.9, step: 0.1, when: { optimizer: sgd } }
  rate: { type: double, min: 0.001, max: 0.1, scale: log, factor: 10, default: 0.01 }
  second: { type: boolean }
  copies: { type: categorical, values: [1, 2], when: { second: true } }
  absent: { type: fixed, value: 0, when: { second: false } }
  units1: { type: integer, min: 16, max: 64, step: 16 }
  units2: { type: integer, min: 16, max: 64, step: 16, when: { second: [true] } }
constraints: ["units2 <= units1"]
model:
  layers:
    - { units: $units1, activation: relu }
    - { repeat: $copies, units: $units2, activation: relu }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: $optimizer, learningRate: $rate, momentum: $momentum }
  loss: categorical_crossentropy
  batchSize: 256
  maxEpochs: 100
`;

/**
 * A spec in which `repeat` of the second layer refers to a parameter. Without a value it would be
 * 1.
 */
const GUARDED = SPEC.replace("repeat: $copies", "repeat: $second_layers")
  .replace("second: { type: boolean }", "second_layers: { type: integer, min: 0, max: 2 }")
  .replace(/ {2}(copies|absent): .*\n/g, "")
  .replace("when: { second: [true] }", "when: { second_layers: [1, 2] }");

test("accepts parameters that have a value wherever the plan accepts one", () => {
  const result = parseStudySpec(GUARDED);
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
  const { parameters, constraints } = result.spec;
  assert.deepEqual(parameters["momentum"], {
    type: "double",
    min: 0,
    max: 0.9,
    step: 0.1,
    scale: "linear",
    when: { optimizer: ["sgd"] },
  });
  assert.deepEqual(constraints, ["units2 <= units1"]);
  const again = checkStudySpec(JSON.parse(JSON.stringify(specToJson(result.spec))));
  assert.deepEqual(again, result);
});

test("drops fields of inactive parameters", () => {
  const result = parseStudySpec(GUARDED);
  assert.ok(result.ok);
  const plan = (values: object) => planOf(result.spec, { rate: 0.01, units1: 32, ...values }, 0);
  const sgd = plan({ optimizer: "sgd", momentum: 0.5, second_layers: 1, units2: 16 });
  assert.deepEqual(sgd.model.layers.length, 3);
  assert.deepEqual((sgd.training.optimizer as { momentum?: number }).momentum, 0.5);
  const adam = plan({ optimizer: "adam", second_layers: 0 });
  assert.deepEqual(adam.model.layers.length, 2);
  assert.ok(!Object.hasOwn(adam.training.optimizer, "momentum"));
});

test("refuses a reference without a value where the plan accepts one, and names the place", () => {
  const text = GUARDED.replace("type: $optimizer, learningRate", "type: sgd, learningRate").replace(
    "activation: relu }\n    - { repeat",
    "activation: $optimizer }\n    - { repeat",
  );
  const problems = problemsOf(
    text.replace("values: [sgd, adam]", "values: [relu, tanh]").replace("optimizer: sgd }", "optimizer: relu }"),
  );
  assert.deepEqual(problems, [
    {
      path: "training.optimizer.momentum",
      received: "$momentum = nothing",
      expected: 'a value also where optimizer is "tanh"; add "tanh" to when.optimizer of parameter momentum',
    },
  ]);
});

test("refuses an inactive parameter in a required field", () => {
  const problems = problemsOf(GUARDED.replace("repeat: $second_layers, units: $units2", "units: $units2"));
  assert.deepEqual(
    problems.map(({ path }) => path),
    ["model.layers[1].units"],
  );
});

test("refuses a repeat whose parameter may be inactive", () => {
  const paths = problemsOf(SPEC.replace(/ {2}absent: .*\n/, "")).map(({ path }) => path);
  assert.ok(paths.includes("model.layers[1].units"), paths.join());
});

const MISTAKES: readonly [what: string, from: string, to: string, path: string][] = [
  [
    "a result of another study without an objective",
    "constraints:",
    "warmStart: [{ values: { rate: 0.01 } }]\nconstraints:",
    "warmStart[0].objective",
  ],
  [
    "a point to try first outside the space",
    "constraints:",
    "enqueue: [{ optimizer: adam, rate: 0.01, second_layers: 0, units1: 17 }]\nconstraints:",
    "enqueue[0].units1",
  ],
  [
    "one that breaks a constraint",
    "constraints:",
    "enqueue: [{ optimizer: adam, rate: 0.01, second_layers: 1, units1: 16, units2: 32 }]\nconstraints:",
    "enqueue[0]",
  ],
  ["an unknown parent", "optimizer: sgd }", "optimiser: sgd }", "parameters.momentum.when.optimiser"],
  [
    "a value that the parent does not have",
    "optimizer: sgd }",
    "optimizer: rmsprop }",
    "parameters.momentum.when.optimizer[0]",
  ],
  ["a step that misses the end", "max: 0.9, step: 0.1", "max: 0.95, step: 0.1", "parameters.momentum.max"],
  [
    "a factor that misses the end",
    "max: 0.1, scale: log, factor",
    "max: 0.2, scale: log, factor",
    "parameters.rate.max",
  ],
  ["a factor on a linear scale", "scale: log, factor: 10", "scale: linear, factor: 10", "parameters.rate.factor"],
  ["a factor and a step", "factor: 10", "factor: 10, step: 0.1", "parameters.rate.factor"],
  ["a default outside the range", "default: 0.01", "default: 0.2", "parameters.rate.default"],
  ["values of two types", "values: [sgd, adam]", "values: [sgd, 1]", "parameters.optimizer.values"],
  ["a constraint without a comparison", "units2 <= units1", "units2 + units1", "constraints[0]"],
  ["a constraint on a text", "units2 <= units1", "optimizer <= units1", "constraints[0]"],
  ["constraints that are no list", 'constraints: ["units2 <= units1"]', "constraints: 5", "constraints"],
  [
    "faithfulness of another oracle",
    "constraints:",
    "oracle: { type: random, faithful: true }\nconstraints:",
    "oracle.faithful",
  ],
  [
    "fidelity of another oracle",
    "constraints:",
    "oracle: { type: random, fidelity: epochs }\nconstraints:",
    "oracle.fidelity",
  ],
];

for (const [what, from, to, path] of MISTAKES) {
  test(`reports ${what} once, at its place`, () => {
    assert.ok(GUARDED.includes(from), from);
    const problems = problemsOf(GUARDED.replace(from, to));
    assert.deepEqual(
      problems.map((problem) => problem.path),
      [path],
      formatProblems(problems),
    );
  });
}

function problemsOf(text: string) {
  const result = parseStudySpec(text);
  assert.ok(!result.ok, "the spec was accepted");
  return result.problems;
}
