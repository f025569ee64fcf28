import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems, toProblems } from "../validation/problems.js";
import { type DataFacts, fitFindings } from "./fit.js";
import { ruleFindings } from "./rules.js";
import { modelSchema } from "./schema/layer.js";
import { objectiveSchema, trainingSchema } from "./schema/training-plan.js";

const BINARY: DataFacts = { task: "classification", outputs: 2, features: 3, hasValidation: true };
const FOUR: DataFacts = { ...BINARY, outputs: 4 };
const REGRESSION: DataFacts = { ...BINARY, task: "regression", outputs: 1 };

interface Parts {
  readonly units: number;
  readonly activation: string;
  readonly loss: string;
  readonly metric?: string;
  readonly monitor?: string;
}

function problems(
  facts: DataFacts,
  { units, activation, loss, metric = "val_loss", monitor = "val_loss" }: Parts,
): string {
  const callbacks = [{ type: "EarlyStopping", monitor }];
  const parts = {
    model: modelSchema.parse({ layers: [{ units, activation }] }),
    training: trainingSchema.parse({ optimizer: "adam", loss, batchSize: 8, maxEpochs: 2, callbacks }),
    objective: objectiveSchema.parse({ metric, goal: "minimize" }),
  };
  return formatProblems(toProblems(fitFindings(parts, facts)));
}

const sigmoid = { units: 1, activation: "sigmoid", loss: "binary_crossentropy" };
const softmax = { units: 4, activation: "softmax", loss: "categorical_crossentropy" };
const linear = { units: 1, activation: "linear", loss: "mse" };

test("accepts what fits", () => {
  for (const [facts, parts] of [
    [BINARY, { ...sigmoid, metric: "val_auc", monitor: "val_brier" }],
    [BINARY, { ...softmax, units: 2, metric: "val_log_loss" }],
    [BINARY, { ...sigmoid, loss: "mse", metric: "val_f1" }],
    [FOUR, { ...softmax, metric: "val_average_precision", monitor: "val_balanced_accuracy" }],
    [FOUR, { units: 4, activation: "sigmoid", loss: "binary_crossentropy", metric: "val_auc" }],
    [REGRESSION, { ...linear, metric: "val_r2", monitor: "val_mape" }],
    [
      { ...REGRESSION, outputs: 3 },
      { ...linear, units: 3, metric: "val_rmse" },
    ],
    [
      { task: "classification", hasValidation: true },
      { ...softmax, units: 7 },
    ],
  ] as const) {
    assert.equal(problems(facts, parts), "", JSON.stringify(parts));
  }
});

const REFUSED: readonly (readonly [DataFacts, Parts, RegExp])[] = [
  [
    REGRESSION,
    { ...sigmoid },
    /^training.loss: .*mean_squared_error, mean_absolute_error or huber, for the task is regression/,
  ],
  [REGRESSION, { ...linear, units: 2 }, /^model.layers\[0\].units: received 2, expected 1 .*one unit per target/],
  [FOUR, { ...softmax, units: 3 }, /units: received 3, expected 4 in the last layer, one unit per class/],
  [FOUR, { ...sigmoid }, /units: received 1, expected 4 in the last layer/],
  [BINARY, { ...sigmoid, units: 3 }, /units: received 3, expected 1 or 2 in the last layer/],
  [BINARY, { ...softmax, units: 4 }, /units: received 4, expected 2 in the last layer/],
  [BINARY, { ...softmax, units: 1 }, /activation: .*sigmoid or linear in the last layer, for the softmax of one unit/],
  [
    REGRESSION,
    { ...linear, metric: "val_accuracy" },
    /^objective.metric: .*one of loss, val_loss, val_mae, .*regression/,
  ],
  [REGRESSION, { ...linear, monitor: "accuracy" }, /^training.callbacks\[0\].monitor: .*for the task is regression/],
  [FOUR, { ...softmax, metric: "val_r2" }, /one of loss, accuracy, val_loss, val_accuracy, .*classification/],
  [
    FOUR,
    { ...softmax, activation: "linear", loss: "mse", metric: "val_brier" },
    /a metric that needs no probabilities/,
  ],
  [
    { ...FOUR, hasValidation: false },
    { ...softmax, metric: "val_auc", monitor: "loss" },
    /loss or accuracy, for the split/,
  ],
  [
    { ...REGRESSION, hasValidation: false },
    { ...linear, monitor: "loss" },
    /received "val_loss", expected loss, for the/,
  ],
  [
    { ...FOUR, validation: { rows: 9, absentClasses: [0, 3] } },
    { ...softmax, metric: "val_auc" },
    /another metric, or a larger or stratified validation split: it has no row of class 0, 3/,
  ],
  [{ ...REGRESSION, validation: { rows: 1, absentClasses: [] } }, { ...linear, metric: "val_r2" }, /one row has no r2/],
];

test("asks for no last layer that fits a loss of classes where the task is regression", () => {
  const training = trainingSchema.parse({ optimizer: "adam", loss: linear.loss, batchSize: 8, maxEpochs: 2 });
  const wrong = { ...training, loss: { type: "categorical_crossentropy", labelSmoothing: 0 } } as const;
  const model = modelSchema.parse({ layers: [{ units: 1, activation: "linear" }] });
  const paths = ruleFindings({ model, training: wrong, facts: REGRESSION }).map(({ path }) => path.join("."));
  assert.deepEqual(new Set(paths), new Set(["training.loss"]));
});

for (const [facts, parts, expected] of REFUSED) {
  test(`refuses ${JSON.stringify(parts)} for ${facts.outputs} outputs of a ${facts.task}`, () => {
    assert.match(problems(facts, parts), expected);
    assert.doesNotMatch(problems(facts, parts), /\n/);
  });
}
