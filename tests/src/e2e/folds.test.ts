// Studies of the user's own data by the built command line: folds, class weights, a regression, and
// metrics beside accuracy.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { CommandFolder, resultsOf } from "../support/cli.js";

interface Score {
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
}

interface Results {
  readonly trials: readonly {
    readonly state: string;
    readonly objective: number;
    readonly executions: readonly number[];
    readonly deviation: number;
  }[];
  readonly test: { readonly accuracy: number | null; readonly scores: Readonly<Record<string, Score>> };
}

const TRAINING = `
budget: { maxTrials: 2 }
parameters: { rate: { type: double, min: 0.01, max: 0.03 } }
`;

const FOLDS = `
name: folds
dataset:
  path: points.csv
  target: kind
  ignore: [sum]
  task: classification
  classWeight: balanced
  split: { folds: 3, test: 0.2 }
objective: { metric: val_auc, goal: maximize }
model: { layers: [{ units: 8, activation: tanh }, { units: 3, activation: softmax }] }
training:
  { optimizer: { type: adam, learningRate: $rate }, loss: categorical_crossentropy, batchSize: 16, maxEpochs: 12 }
${TRAINING}`;

const REGRESSION = `
name: regression
dataset: { path: points.csv, target: sum, ignore: [kind], task: regression }
objective: { metric: val_rmse, goal: minimize }
model: { layers: [{ units: 1, activation: linear }] }
training: { optimizer: { type: adam, learningRate: $rate }, loss: mse, batchSize: 16, maxEpochs: 60 }
${TRAINING}`;

test("trains each fold as an execution, and tests with the preparation of the best fold", async (context) => {
  const { trials, test: figures } = await run(context, FOLDS);
  for (const { state, objective, executions, deviation } of trials) {
    assert.deepEqual([state, executions.length], ["completed", 3]);
    assert.equal(new Set(executions).size > 1 && deviation > 0, true, JSON.stringify(executions));
    const mean = executions.reduce((sum, value) => sum + value, 0) / 3;
    assert.ok(Math.abs(objective - mean) < 1e-6);
    // The classes are a third of the sum of two columns each, so that a model separates them well.
    assert.ok(objective > 0.9, JSON.stringify(executions));
  }
  const { auc } = figures.scores;
  assert.ok(auc !== undefined && auc.value > 0.85, JSON.stringify(figures));
  assert.ok(auc.interval[0] <= auc.value && auc.value <= auc.interval[1]);
  assert.ok(figures.accuracy !== null && figures.accuracy > 0.6);
});

test("tunes a regression by its root mean squared error", async (context) => {
  const { trials, test: figures } = await run(context, REGRESSION);
  assert.ok(trials.every(({ state }) => state === "completed"));
  assert.equal(figures.accuracy, null);
  assert.deepEqual(Object.keys(figures.scores), ["rmse", "mae", "mape", "r2"]);
  assert.ok((figures.scores["r2"]?.value ?? 0) > 0.9, JSON.stringify(figures));
});

async function run(context: TestContext, spec: string): Promise<Results> {
  const folder = new CommandFolder(context);
  writeFileSync(join(folder.folder, "points.csv"), points());
  writeFileSync(join(folder.folder, "study.yaml"), spec);
  const results = resultsOf<Results>(await folder.runSpec("study.yaml", "--trainers", "2").ended);
  assert.deepEqual(folder.leftProcesses(), []);
  return results;
}

/** Returns 240 points of a fixed sequence; `kind` is a third of the sum of `a` and `b`. */
function points(): string {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const rows = Array.from({ length: 240 }, () => {
    const [a, b, c] = [random(), random(), random()];
    const kind = ["low", "middle", "high"][Math.min(2, Math.floor((a + b) * 1.5))];
    return [a, b, c, (3 * a - 2 * b + 0.1 * c).toFixed(6), kind].join(",");
  });
  return `a,b,c,sum,kind\n${rows.join("\n")}\n`;
}
