// Invariants that hold after every stored step under all faults.

import assert from "node:assert/strict";
import { STALLED_MAX } from "@sintonia/coordinator/core/decide/lost-attempt";
import { waitingPoints } from "@sintonia/coordinator/core/points/enqueued";
import { trialPlan } from "@sintonia/coordinator/core/query/trial-plan";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { hasAdvanced } from "@sintonia/coordinator/core/state/failures";
import { readingOf, readingsOf } from "@sintonia/coordinator/core/state/reopening";
import {
  findTrial,
  hasEnded,
  isLeased,
  isOver,
  leasableTrials,
  type Study,
  type Trial,
} from "@sintonia/coordinator/core/state/study";
import type { Measurement } from "@sintonia/protocol/measurement";
import { isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import { checkFit } from "../world/equipment.js";
import { checkBudget } from "./budget.js";
import { checkFront, testedTrials } from "./front.js";
import { epochsOf, valueIn } from "./training-values.js";
import { checkVerdicts } from "./verdicts.js";

/** The reason that a trainer gives when it is asked to stop. */
const PREEMPTED = "The trainer was asked to stop.";

/**
 * Checks the invariants after a step.
 *
 * @param before - the study before the step; undefined for its creation
 */
export function checkStep(before: Study | undefined, after: Study, events: readonly StudyEvent[]): void {
  checkBudget(before, after, events);
  checkPause(before, events);
  checkStopping(before, events);
  if (before !== undefined) checkTurn(before, events);
  if (before !== undefined) checkVerdicts(before, after, events);
  for (const event of events) {
    if (event.type === "lease-granted") checkFit(event.trainerId, after.spec.resources);
    if (event.type === "trial-requeued" && event.reason === PREEMPTED)
      assert.equal(event.counted, false, "preemption costs no attempt");
  }
  for (const trial of leasableTrials(after)) {
    const former = before && findTrial(before, trial.id);
    if (former === trial) continue;
    checkLosses(former, trial, after.spec.budget.maxAttemptsPerTrial);
    if (former?.measurements !== trial.measurements) checkMeasurements(after, trial, trial.measurements);
    if (former?.checkpoints !== trial.checkpoints || former.state !== trial.state) checkCheckpoints(after, trial);
    if (trial.state === "running") checkAhead(trial);
  }
  checkTokens(after);
  const isReopened = events.some(({ type }) => type === "study-reopened");
  // An extension takes the former end from the study. The readings of the test split stay.
  checkReadings(before, after);
  checkSelection(isReopened ? undefined : before, after);
  checkTest(isReopened ? undefined : before, after, events);
  checkFront(before, after, events);
  if (before !== undefined) checkSettled(before, after, isReopened);
}

/** The events that end a pause. */
const UNPAUSED: ReadonlySet<StudyEvent["type"]> = new Set([
  "study-resumed",
  "study-stopping",
  "study-finalizing",
  "study-ended",
]);

/** Checks that no trial is queued once the study stops. */
function checkStopping(before: Study | undefined, events: readonly StudyEvent[]): void {
  let isStopping = before?.stopping !== undefined;
  for (const { type } of events) {
    if (type === "study-stopping") isStopping = true;
    assert.ok(!(isStopping && type === "trial-queued"), "no trial is queued in a study that stops");
  }
}

/** Checks that no trial begins in a pause, and that no search ends in it. */
function checkPause(before: Study | undefined, events: readonly StudyEvent[]): void {
  let isPaused = before?.pause !== undefined;
  for (const { type } of events) {
    if (type === "study-paused") isPaused = true;
    if (UNPAUSED.has(type)) isPaused = false;
    const begins = type === "trial-queued" || type === "lease-granted" || type === "search-ended";
    assert.ok(!(isPaused && begins), `no ${type} in a pause`);
  }
}

/** Checks that no suggestion of the oracle overtakes an enqueued point, also not in one step. */
function checkTurn(before: Study, events: readonly StudyEvent[]): void {
  let waiting = waitingPoints(before);
  for (const event of events) {
    if (event.type === "point-enqueued") waiting += 1;
    if (event.type !== "trial-queued") continue;
    if (event.source === "enqueued") waiting -= 1;
    else assert.equal(waiting, 0, `trial ${event.trialId} comes after the enqueued points`);
  }
}

/**
 * Checks that a trial has attempts left, and that an attempt that advanced costs none unless the
 * trial has stalled.
 */
function checkLosses(before: Trial | undefined, { id, losses, state }: Trial, maxAttempts: number): void {
  assert.ok(losses.counted < maxAttempts, `trial ${id} has attempts left`);
  if (before === undefined || !isLeased(before) || state !== "queued" || !hasAdvanced(before)) return;
  const isFree = before.losses.stalled < STALLED_MAX || before.measurements.length > before.losses.furthest;
  if (isFree) assert.equal(losses.counted, before.losses.counted, `the attempt of trial ${id} that advanced is free`);
}

/**
 * Checks the checkpoints of a trial. All cover epochs with the values of an undisturbed run, each
 * fewer epochs than the previous one.
 */
function checkCheckpoints(study: Study, trial: Trial): void {
  const { id, checkpoints } = trial;
  assert.ok(checkpoints.length <= 2, `trial ${id} keeps two checkpoints`);
  if (hasEnded(trial)) assert.deepEqual(checkpoints, [], `trial ${id} has ended`);
  for (const [index, { measurements }] of checkpoints.entries()) {
    checkMeasurements(study, trial, measurements);
    assert.ok(measurements.length > (checkpoints[index + 1]?.measurements.length ?? 0), "the first covers most");
  }
}

/** Checks that a training goes on at the newest checkpoint or after it. */
function checkAhead({ id, checkpoints, measurements }: Trial): void {
  const isAhead = checkpoints.every((checkpoint) => checkpoint.measurements.length <= measurements.length);
  assert.ok(isAhead, `the training of trial ${id} is not behind its checkpoints`);
}

/**
 * Checks that accepted epochs are in order, without gaps, with the values of an undisturbed run.
 */
function checkMeasurements(study: Study, trial: Trial, measurements: Iterable<Measurement>): void {
  let expected = { execution: 0, epoch: 0 };
  for (const { execution, epoch, metrics } of measurements) {
    if (execution === expected.execution + 1) expected = { execution, epoch: 0 };
    assert.deepEqual({ execution, epoch }, expected, `the epochs of trial ${trial.id} are in order`);
    const what = `epoch ${execution}.${epoch} of trial ${trial.id}`;
    assert.equal(metrics["val_accuracy"], valueIn(planOf(study, trial), { execution, epoch }), what);
    expected = { execution, epoch: epoch + 1 };
  }
}

/** Plans of trials and of test runs, by their values. */
const trialPlans = new WeakMap<Trial["values"], string>();
const testPlans = new WeakMap<Trial["values"], string>();

function planOf(study: Study, trial: Trial): string {
  const plans = trial.tests === undefined ? trialPlans : testPlans;
  const known = plans.get(trial.values);
  if (known !== undefined) return known;
  const planned = trialPlan(study, trial);
  assert.ok(planned.ok, `trial ${trial.id} has a plan`);
  const planJson = JSON.stringify(planned.plan);
  plans.set(trial.values, planJson);
  return planJson;
}

/** Checks that readings of the test split are neither lost nor changed, and one for each trial. */
function checkReadings(before: Study | undefined, after: Study): void {
  const readings = readingsOf(after);
  const known = before === undefined ? [] : readingsOf(before);
  assert.deepEqual(readings.slice(0, known.length), known, "the readings of the test split stay");
  assert.equal(new Set(readings.map(({ trialId }) => trialId)).size, readings.length, "a model is read once");
}

/**
 * Checks that the best trial is chosen once, before the test split is read. The chosen trial has
 * completed and is no replicate.
 */
function checkSelection(before: Study | undefined, after: Study): void {
  const { selection, test } = after;
  if (before?.test !== undefined) assert.deepEqual(test, before.test, "the test split is read once");
  const kept = readingOf(after, selection?.trialId ?? "")?.test;
  if (kept !== undefined && test !== undefined) assert.deepEqual(test, kept, "a trial chosen again keeps its figures");
  if (test !== undefined && kept === undefined)
    assert.ok(before?.selection !== undefined, "the choice is stored before the test split is read");
  if (before?.selection !== undefined) assert.deepEqual(selection, before.selection, "the choice stays as it is");
  const chosen = after.trials.find(({ id }) => id === selection?.trialId);
  if (selection === undefined) return;
  assert.equal(after.bestTrialId, selection.trialId);
  assert.deepEqual([chosen?.state, chosen?.replicates], ["completed", undefined]);
}

/**
 * Checks the test of a program's best trial, or of another one of the front. The test is queued
 * once, with the choice or with the end of the test before. Its figures are those of an
 * undisturbed run, stored once and only if the test completed.
 */
function checkTest(before: Study | undefined, after: Study, events: readonly StudyEvent[]): void {
  const { testRun, testMetrics, selection } = after;
  const isQueued = events.some(({ type }) => type === "test-queued");
  const isNext = events.some(({ type }) => type === "front-tested");
  assert.ok(!isQueued || isNext || before?.testRun === undefined, "a test is queued once");
  assert.equal(testRun === undefined, selection === undefined || !hasTest(after), "the choice queues the test");
  assert.ok(testRun === undefined || testedTrials(after).includes(testRun.tests ?? ""), "the chosen trial is tested");
  if (before?.testMetrics !== undefined) assert.deepEqual(testMetrics, before.testMetrics, "figures stay as they are");
  assert.equal(testMetrics !== undefined, testRun?.state === "completed", "a completed test alone has figures");
  if (testRun === undefined || testMetrics === undefined) return;
  const planJson = planOf(after, testRun);
  const last = { execution: 0, epoch: epochsOf(planJson, 0) - 1 };
  assert.deepEqual(testMetrics, { val_accuracy: valueIn(planJson, last) }, "the figures are those of the test's end");
}

function hasTest({ spec }: Study): boolean {
  return isProgramStudy(spec) && spec.program.test !== undefined;
}

/** Checks that no two trials share a token, and that none exceeds the study's last token. */
function checkTokens(study: Study): void {
  const tokens = leasableTrials(study).flatMap((trial) => (trial.lease === undefined ? [] : [trial.lease.token]));
  assert.equal(new Set(tokens).size, tokens.length, "every lease has a token of its own");
  assert.ok(Math.max(0, ...tokens) <= study.lastToken, "no token is newer than the last");
}

/** Checks that settled trials and ended studies never change, and that tokens never decrease. */
function checkSettled(before: Study, after: Study, isReopened: boolean): void {
  assert.equal(isOver(before), isReopened, "nothing but an extension is stored after the end of a study");
  assert.ok(after.lastToken >= before.lastToken, "tokens only grow");
  for (const trial of isReopened ? before.trials : leasableTrials(before)) {
    const now = findTrial(after, trial.id);
    assert.ok(now !== undefined, `trial ${trial.id} is still there`);
    if (hasEnded(trial)) assert.deepEqual(now, trial, `trial ${trial.id} has ended and stays as it is`);
    if (isLeased(trial) && isLeased(now)) {
      assert.equal(now.lease?.token, trial.lease?.token, `trial ${trial.id} has one lease at a time`);
    }
  }
}
