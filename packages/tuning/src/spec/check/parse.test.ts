import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../../validation/problems.js";
import { parseStudySpec } from "./parse.js";

const SPEC = `name: example
dataset: { name: mnist, split: { train: [0, 50000], validation: [50000, 60000] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 10 }
parameters:
  stddev: { type: double, min: 0.01, max: 0.10 }
  units: { type: integer, min: 32, max: 512, step: 32 }
  hidden: { type: integer, min: 0, max: 3 }
  activation: { type: categorical, values: [relu, linear] }
model:
  layers:
    - repeat: $hidden
      units: $units
      activation: $activation
      kernelInitializer: { type: RandomNormal, stddev: $stddev }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.001 }
  loss: categorical_crossentropy
  batchSize: 256
  maxEpochs: 100
  callbacks:
    - { type: ReduceLROnPlateau, monitor: val_accuracy, factor: 0.3 }
    - { type: EarlyStopping, monitor: val_accuracy, patience: 20 }
`;

test("a budget needs a limit of trials only without another limit of the search", () => {
  const withBudget = (budget: string) => parseStudySpec(SPEC.replace("{ maxTrials: 10 }", budget));
  const epochs = withBudget("{ maxEpochs: 500 }");
  assert.deepEqual(epochs.ok && [epochs.spec.budget.maxTrials, epochs.spec.budget.maxEpochs], [10_000, 500]);
  const none = withBudget("{ parallelTrials: 2 }");
  assert.deepEqual(none.ok ? [] : none.problems.map(({ path }) => path), ["budget.maxTrials"]);
});

test("refuses limits of improvement with an oracle that expects none", () => {
  const budget = "budget: { minImprovement: 0.001, maxGap: 0.01 }";
  const withOracle = (oracle: string) =>
    parseStudySpec(SPEC.replace("budget: { maxTrials: 10 }", `${budget}\n${oracle}`));
  assert.equal(withOracle("").ok, true);
  const refused = withOracle("oracle: { type: random }");
  const paths = refused.ok ? [] : refused.problems.map(({ path }) => path);
  assert.deepEqual(paths, ["budget.minImprovement", "budget.maxGap"]);
});

test("accepts a spec and fills in its defaults", () => {
  const result = parseStudySpec(SPEC);
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
  const { budget, seed, oracle, parameters } = result.spec;
  assert.deepEqual(budget, {
    maxTrials: 10,
    executionsPerTrial: 1,
    maxConsecutiveFailures: 3,
    maxAttemptsPerTrial: 3,
  });
  assert.equal(seed, 0);
  assert.deepEqual(oracle, { type: "bayesian" });
  assert.deepEqual(Object.keys(parameters), ["stddev", "units", "hidden", "activation"]);
  assert.deepEqual(parameters["stddev"], { type: "double", min: 0.01, max: 0.1, scale: "linear" });
  assert.deepEqual(parameters["units"], { type: "integer", min: 32, max: 512, step: 32, scale: "linear" });
});

test("lists all five problems of a spec with five mistakes", () => {
  const problems = problemsAfter(
    ["min: 0.01, max: 0.10", "min: 0.2, max: 0.1"],
    ["stddev: $stddev", "stddev: $stdev"],
    ["maxTrials: 10", "maxTrials: -10"],
    ["learningRate: 0.001", "learningRate: .nan"],
    ["batchSize: 256", "batchsize: 256\n  batchSize: 256"],
  );
  assert.deepEqual(problems, [
    { path: "budget.maxTrials", received: "-10", expected: "a whole number from 1 to 10,000" },
    { path: "parameters.stddev.min", received: "0.2", expected: "a number of at most max (0.1)" },
    {
      path: "model.layers[0].kernelInitializer.stddev",
      received: '"$stdev"',
      expected: "a parameter of this study ($stddev, $units, $hidden, $activation); did you mean $stddev?",
    },
    { path: "training.optimizer.learningRate", received: "NaN", expected: "a number above 0" },
    { path: "training.batchsize", received: "256", expected: "no field of this name; did you mean batchSize?" },
  ]);
});

test("formats problems for people, one per line", () => {
  const problems = problemsAfter(["maxTrials: 10", "maxTrials: 0"], ["goal: maximize", "goal: max"]);
  assert.equal(
    formatProblems(problems),
    'objective.goal: received "max", expected one of maximize, minimize; did you mean maximize?\n' +
      "budget.maxTrials: received 0, expected a whole number from 1 to 10,000",
  );
  const many = new Array(60).fill(problems[0]);
  assert.match(formatProblems(many), /\nand 10 more$/);
});

/** Each mistake alone, with the path at which it must be reported; exactly one problem each. */
const MISTAKES: readonly [what: string, from: string, to: string, path: string][] = [
  ["a bad study name", "name: example", "name: Bad_Name", "name"],
  ["a log scale from zero", "min: 0.01, max: 0.10", "min: 0, max: 1, scale: log", "parameters.stddev.min"],
  ["an infinite end", "max: 0.10", "max: .inf", "parameters.stddev.max"],
  ["an end that is no number", "max: 0.10", 'max: "0.1"', "parameters.stddev.max"],
  ["a missing end", ", max: 0.10", "", "parameters.stddev.max"],
  ["a fractional integer", "min: 32,", "min: 32.5,", "parameters.units.min"],
  ["a step that misses the end", "max: 512, step: 32", "max: 500, step: 32", "parameters.units.max"],
  ["a step of zero", "step: 32", "step: 0", "parameters.units.step"],
  ["an unknown parameter type", "type: double", "type: float", "parameters.stddev.type"],
  ["no categories", "[relu, linear]", "[]", "parameters.activation.values"],
  ["a category twice", "[relu, linear]", "[relu, relu]", "parameters.activation.values"],
  ["a category that does not fit", "[relu, linear]", "[relu, mish]", "model.layers[0].activation"],
  ["a text for a number", "batchSize: 256", "batchSize: $activation", "training.batchSize"],
  ["a fraction for a whole number", "batchSize: 256", "batchSize: $stddev", "training.batchSize"],
  [
    "a parameter that reaches too far",
    "hidden: { type: integer, min: 0, max: 3",
    "hidden: { type: integer, min: 0, max: 9",
    "model.layers[0].repeat",
  ],
  ["an impossible repeat", "units: 10,", "repeat: 9, units: 10,", "model.layers[1].repeat"],
  ["an unknown layer field", "repeat: $hidden", "repeats: $hidden", "model.layers[0].repeats"],
  ["a last layer without softmax", "activation: softmax", "activation: relu", "model.layers[1].activation"],
  ["a last layer of another width", "units: 10,", "units: 11,", "model.layers[1].units"],
  ["an unknown data set", "name: mnist,", "name: cifar10,", "dataset.name"],
  ["an empty range", "train: [0, 50000]", "train: [0, 0]", "dataset.split.train"],
  ["a range beyond the file", "[50000, 60000]", "[50000, 60001]", "dataset.split.validation[1]"],
  ["overlapping ranges", "[50000, 60000]", "[49999, 60000]", "dataset.split.validation"],
  ["an unknown metric", "metric: val_accuracy", "metric: val_acc", "objective.metric"],
  ["weights of no epoch", "batchSize: 256", "batchSize: 256\n  keep: never", "training.keep"],
  [
    "an unknown monitor",
    "callbacks:",
    "callbacks:\n    - { type: EarlyStopping, monitor: f1 }",
    "training.callbacks[0].monitor",
  ],
  ["a factor of one", "factor: 0.3", "factor: 1", "training.callbacks[0].factor"],
  ["an unknown callback", "type: EarlyStopping", "type: Earlystop", "training.callbacks[1].type"],
  ["a fractional budget", "maxTrials: 10", "maxTrials: 1.5", "budget.maxTrials"],
  ["a huge seed", "budget:", "seed: 4294967296\nbudget:", "seed"],
  ["an unknown oracle", "budget:", "oracle: { type: bayes }\nbudget:", "oracle.type"],
  ["an unknown selection rule", "budget:", "selection: best\nbudget:", "selection"],
  ["a rule with another one's field", "budget:", "selection: { rule: observed, top: 3 }\nbudget:", "selection.top"],
  ["a choice of one", "budget:", "selection: { rule: replicate, top: 1 }\nbudget:", "selection.top"],
  ["a missing part", "objective: { metric: val_accuracy, goal: maximize }\n", "", "objective"],
  ["an unknown field", "budget:", "budgets: 3\nbudget:", "budgets"],
  ["an unused parameter", "stddev: $stddev", "stddev: 0.05", "parameters.stddev"],
  ["an unsafe field", "budget:", "__proto__: 3\nbudget:", ""],
];

for (const [what, from, to, path] of MISTAKES) {
  test(`reports ${what} once, at its place`, () => {
    const problems = problemsAfter([from, to]);
    assert.deepEqual(
      problems.map((problem) => problem.path),
      [path],
      formatProblems(problems),
    );
  });
}

test("shows how a text is written where a mapping with a type is needed", () => {
  const [problem] = problemsAfter(["budget:", "oracle: random\nbudget:"]);
  assert.deepEqual(problem, {
    path: "oracle",
    received: '"random"',
    expected: "a mapping with type, faithful, fidelity, such as { type: random }",
  });
});

test("shows the parameter and the value that does not fit", () => {
  const [problem] = problemsAfter(["batchSize: 256", "batchSize: $stddev"]);
  assert.equal(problem?.received, "$stddev = 0.01");
});

test("finds a double that is a whole number only at its ends", () => {
  const [problem] = problemsAfter(["min: 0.01, max: 0.10", "min: 1, max: 2"], ["batchSize: 256", "batchSize: $stddev"]);
  assert.equal(problem?.path, "training.batchSize");
});

test("reports a bad name of a parameter once, without its references", () => {
  const problems = problemsAfter(["  stddev:", "  std-dev:"], ["$stddev", "$std-dev"]);
  assert.deepEqual(
    problems.map(({ path }) => path),
    ["parameters.std-dev"],
  );
});

test("accepts a study without validation rows if nothing monitors a validation metric", () => {
  const text = SPEC.replace(", validation: [50000, 60000]", "");
  const problems = parseStudySpec(text);
  assert.ok(!problems.ok);
  assert.deepEqual(
    problems.problems.map(({ path }) => path),
    ["objective.metric", "training.callbacks[0].monitor", "training.callbacks[1].monitor"],
  );
  assert.ok(parseStudySpec(text.replaceAll("val_accuracy", "accuracy")).ok);
});

test("accepts a study without parameters", () => {
  const text = SPEC.replace(/parameters:\n( {2}.*\n)+model/, "parameters: {}\nmodel")
    .replace("$hidden", "2")
    .replace("$units", "64")
    .replace("$activation", "relu")
    .replace("$stddev", "0.05");
  assert.ok(parseStudySpec(text).ok);
});

test("answers any text with problems, never with an error", () => {
  for (const text of ["", "5", "- 1", "null", "{}", "name: [", "\u0000", "parameters: 3\nmodel: []\ntraining: x"]) {
    const result = parseStudySpec(text);
    assert.ok(!result.ok && result.problems.length > 0, text);
  }
});

test("stops checking a spec with very many findings", () => {
  const layers = new Array(2000).fill("    - { units: $u, repeat: $u, bad: $u }").join("\n");
  const result = parseStudySpec(SPEC.replace("  layers:\n", `  layers:\n${layers}\n`));
  assert.ok(!result.ok && result.problems.length > 1000);
});

function problemsAfter(...changes: readonly [from: string, to: string][]) {
  const text = changes.reduce((current, [from, to]) => {
    assert.ok(current.includes(from), `the spec has "${from}"`);
    return current.replace(from, to);
  }, SPEC);
  const result = parseStudySpec(text);
  assert.ok(!result.ok, "the spec was accepted");
  return result.problems;
}
