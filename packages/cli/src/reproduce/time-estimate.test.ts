import assert from "node:assert/strict";
import { test } from "node:test";
import { loadNamedDataStudy } from "../study/spec/experiments.js";
import { expectedTrialSeconds, measuredSlowdown, secondsLeft } from "./time-estimate.js";

const MLP = loadNamedDataStudy("mnist-mlp");
const INIT = loadNamedDataStudy("mnist-init");

test("a trial takes its number of steps times the time of a step, plus a constant", () => {
  // 784-800-10 has 636,010 parameters; 3,125 steps of 16 rows in each of 10 epochs.
  const step = 636_010 * (16 * 4.3e-11 + 5.7e-9);
  assert.ok(Math.abs(expectedTrialSeconds(MLP) - 1.5 - 31_250 * step) < 1e-6);
});

test("a trial with early stopping is expected to train a part of its epochs", () => {
  const { callbacks: _, ...training } = INIT.training as { callbacks: unknown };
  const whole = expectedTrialSeconds({ ...INIT, training });
  const share = (expectedTrialSeconds(INIT) - 1.5) / (whole - 1.5);
  assert.ok(share > 0.38 && share < 0.8, `Keras trained 0.38 to 0.80 of them: ${share}`);
});

test("the trials of a study run in parallel on the trainers, followed by the refit", () => {
  const trial = expectedTrialSeconds(INIT);
  const left = (study: boolean, refit: boolean, trainers: number) =>
    Math.round(secondsLeft([{ spec: INIT, study, refit }], trainers, 1) / trial);
  assert.equal(left(true, true, 1), 11);
  assert.equal(left(true, true, 4), 4);
  assert.equal(left(false, true, 4), 1);
  assert.equal(left(false, false, 1), 0);
});

test("the slowdown is the measured time over the estimated time of the ended studies", () => {
  assert.equal(measuredSlowdown([]), 1);
  const trialSeconds = 3 * 2 * expectedTrialSeconds(INIT);
  const pace = measuredSlowdown([{ spec: INIT, trials: 2, trialSeconds }]);
  assert.ok(Math.abs(pace - 3) < 1e-12);
  const left = secondsLeft([{ spec: MLP, study: true, refit: false }], 1, pace);
  assert.ok(Math.abs(left / expectedTrialSeconds(MLP) - 3) < 1e-12);
});
