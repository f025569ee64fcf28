// Invariants that hold after every stored step under all faults.

import assert from "node:assert/strict";
import { STALLED_MAX } from "@sintonia/coordinator/core/decide/lost-attempt";
import { expectedTrials, searchTrials } from "@sintonia/coordinator/core/query/replicates";
import { hasAdvanced } from "@sintonia/coordinator/core/state/losses";
import { isLeased, isOutstanding, isOver, type Study, type Trial } from "@sintonia/coordinator/core/state/study";
import type { Measurement } from "@sintonia/protocol/measurement";
import { valAccuracyOf, writerNamed, writerOf } from "./training.js";

/**
 * Checks the invariants after a step.
 *
 * @param before - the study before the step; undefined for its creation
 * @param capacity - upper limit of outstanding trials
 */
export function checkInvariants(before: Study | undefined, after: Study, capacity: number): void {
  const { maxTrials, maxAttemptsPerTrial } = after.spec.budget;
  assert.ok(searchTrials(after).length <= maxTrials, "the budget is never exceeded");
  assert.ok(after.trials.length <= expectedTrials(after), "the selection rule's budget neither");
  const outstanding = after.trials.filter(isOutstanding).length;
  assert.ok(outstanding <= Math.max(1, capacity), `${outstanding} trials are outstanding, at most ${capacity} may be`);
  for (const trial of after.trials) {
    checkLosses(before?.trials[trial.number], trial, maxAttemptsPerTrial);
    checkMeasurements(trial.id, trial.measurements);
    checkCheckpoints(trial, before?.trials[trial.number]);
  }
  checkTokens(after);
  checkSelection(before, after);
  if (before !== undefined) checkSettled(before, after);
}

/**
 * Checks that a trial has attempts left, and that an attempt that advanced costs none unless the
 * trial has stalled. The simulation's test checks that preempted attempts cost none.
 */
function checkLosses(before: Trial | undefined, { id, losses, state }: Trial, maxAttempts: number): void {
  assert.ok(losses.counted < maxAttempts, `trial ${id} has attempts left`);
  if (before === undefined || !isLeased(before) || state !== "queued" || !hasAdvanced(before)) return;
  const isFree = before.losses.stalled < STALLED_MAX || before.measurements.length > before.losses.furthest;
  if (isFree) assert.equal(losses.counted, before.losses.counted, `the attempt of trial ${id} that advanced is free`);
}

/** Returns the checksums of the checkpoints that a study names. */
export function checkpointNames(study: Study): string[] {
  return study.trials.flatMap(({ checkpoints }) => checkpoints.map(({ artifact }) => artifact.sha256));
}

/**
 * Checks the checkpoints of a trial. The lease holder saved each new one. All cover epochs with the
 * values of an undisturbed run, each fewer epochs than the previous one.
 */
function checkCheckpoints(trial: Trial, before: Trial | undefined): void {
  const { id, state, lease, checkpoints } = trial;
  assert.ok(checkpoints.length <= 2, `trial ${id} keeps two checkpoints`);
  if (!isOutstanding(trial)) assert.deepEqual(checkpoints, [], `trial ${id} has ended`);
  for (const [index, { artifact, measurements }] of checkpoints.entries()) {
    checkMeasurements(id, measurements);
    if (state === "running") assert.ok(measurements.length <= trial.measurements.length, "training is not behind them");
    assert.ok(measurements.length > (checkpoints[index + 1]?.measurements.length ?? 0), "the first covers most");
    const isNew = before?.checkpoints.every((known) => known.artifact.sha256 !== artifact.sha256) !== false;
    if (isNew) assert.equal(writerOf(artifact.sha256), writerNamed(id, lease?.token), "only the lease holder saves");
  }
}

/**
 * Checks that accepted epochs are in order, without gaps, with the values of an undisturbed run.
 */
function checkMeasurements(trialId: string, measurements: readonly Measurement[]): void {
  for (const [index, { epoch, metrics }] of measurements.entries()) {
    assert.equal(epoch, index, `epochs of trial ${trialId} are in order`);
    assert.equal(metrics["val_accuracy"], valAccuracyOf(trialId, epoch), `epoch ${epoch} of trial ${trialId}`);
  }
}

/**
 * Checks that the best trial is chosen once, before the test split is read. The chosen trial has
 * completed and is no replicate.
 */
function checkSelection(before: Study | undefined, after: Study): void {
  const { selection, test } = after;
  if (test !== undefined)
    assert.ok(before?.selection !== undefined, "the choice is stored before the test split is read");
  if (before?.selection !== undefined) assert.deepEqual(selection, before.selection, "the choice stays as it is");
  const chosen = after.trials.find(({ id }) => id === selection?.trialId);
  if (selection === undefined) return;
  assert.equal(after.bestTrialId, selection.trialId);
  assert.deepEqual([chosen?.state, chosen?.replicates], ["completed", undefined]);
}

/** Checks that no two trials share a token, and that none exceeds the study's last token. */
function checkTokens(study: Study): void {
  const tokens = study.trials.flatMap((trial) => (trial.lease === undefined ? [] : [trial.lease.token]));
  assert.equal(new Set(tokens).size, tokens.length, "every lease has a token of its own");
  assert.ok(Math.max(0, ...tokens) <= study.lastToken, "no token is newer than the last");
}

/** Checks that settled trials and ended studies never change, and that tokens never decrease. */
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
