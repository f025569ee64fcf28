// What must hold after every stored step, whatever the world does.

import assert from "node:assert/strict";
import { isLeased, isOutstanding, isOver, type Study, type Trial } from "@sintonia/coordinator/core/study/study";
import { valAccuracyOf } from "./simulated-trainer.js";

/**
 * Checks a step.
 *
 * @param before - the study before the step; undefined for its creation
 * @param capacity - trials that may be outstanding at once
 */
export function checkInvariants(before: Study | undefined, after: Study, capacity: number): void {
  const { maxTrials, maxAttemptsPerTrial } = after.spec.budget;
  assert.ok(after.trials.length <= maxTrials, "the budget is never exceeded");
  const outstanding = after.trials.filter(isOutstanding).length;
  assert.ok(outstanding <= Math.max(1, capacity), `${outstanding} trials are outstanding, at most ${capacity} may be`);
  for (const trial of after.trials) {
    assert.ok(trial.attempt <= maxAttemptsPerTrial, `trial ${trial.id} has attempts left`);
    checkMeasurements(trial);
  }
  checkTokens(after);
  if (before !== undefined) checkSettled(before, after);
}

/** Accepted epochs are those of one attempt: in order, without gaps, each with the value that epoch has. */
function checkMeasurements(trial: Trial): void {
  for (const [index, { epoch, metrics }] of trial.measurements.entries()) {
    assert.equal(epoch, index, `epochs of trial ${trial.id} are in order`);
    assert.equal(metrics["val_accuracy"], valAccuracyOf(trial.id, epoch), `epoch ${epoch} of trial ${trial.id}`);
  }
}

/** No two trials share a token, and none is newer than the study's last. */
function checkTokens(study: Study): void {
  const tokens = study.trials.flatMap((trial) => (trial.lease === undefined ? [] : [trial.lease.token]));
  assert.equal(new Set(tokens).size, tokens.length, "every lease has a token of its own");
  assert.ok(Math.max(0, ...tokens) <= study.lastToken, "no token is newer than the last");
}

/** A settled trial never changes, a study that is over neither; a token never goes back. */
function checkSettled(before: Study, after: Study): void {
  assert.ok(!isOver(before), "nothing is stored after the end of a study");
  assert.ok(after.lastToken >= before.lastToken, "tokens only grow");
  for (const [number, trial] of before.trials.entries()) {
    const now = after.trials[number];
    assert.ok(now !== undefined, `trial ${trial.id} is still there`);
    if (!isOutstanding(trial)) assert.deepEqual(now, trial, `trial ${trial.id} has ended and stays as it is`);
    if (isLeased(trial) && isLeased(now)) {
      assert.equal(now.lease?.token, trial.lease?.token, `trial ${trial.id} has one lease at a time`);
    }
  }
}
