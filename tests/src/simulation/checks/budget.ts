// The budget of a study is never exceeded, whatever its limits.

import assert from "node:assert/strict";
import { limitOf } from "@sintonia/coordinator/core/budget/limits";
import { usedOf } from "@sintonia/coordinator/core/budget/used";
import { expectedTrials, searchTrials } from "@sintonia/coordinator/core/query/replicates";
import { activeMs } from "@sintonia/coordinator/core/query/waiting";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { findTrial, isLeased, isOutstanding, maxTrialsOf, type Study } from "@sintonia/coordinator/core/state/study";

/** Checks the limits of a study after a step. @param before - undefined for the study's creation */
export function checkBudget(before: Study | undefined, after: Study, events: readonly StudyEvent[]): void {
  const { parallelTrials = Number.POSITIVE_INFINITY } = after.spec.budget;
  assert.ok(searchTrials(after).length <= maxTrialsOf(after), "the budget is never exceeded");
  assert.ok(after.trials.length <= expectedTrials(after), "nor is the budget of the selection rule");
  const outstanding = after.trials.filter(isOutstanding).length;
  assert.ok(outstanding <= parallelTrials, `${outstanding} trials are outstanding, at most ${parallelTrials} may be`);
  checkEpochs(before, after, events);
  checkEnd(before, events);
  checkSpent(after);
  checkOpen(after);
}

/** Checks that each report of the search's trials is counted once, and none beyond the limit. */
function checkEpochs(before: Study | undefined, after: Study, events: readonly StudyEvent[]): void {
  const reports = events.filter((event) => event.type === "epoch-reported" && isOfSearch(after, event.trialId));
  assert.equal(after.epochsSpent, (before?.epochsSpent ?? 0) + reports.length, "every reported epoch is counted");
  const max = limitOf(after, "maxEpochs") ?? Number.POSITIVE_INFINITY;
  assert.ok(after.epochsSpent <= max, `${after.epochsSpent} epochs were reported, at most ${max} may be`);
}

function isOfSearch(study: Study, trialId: string): boolean {
  const trial = findTrial(study, trialId);
  return trial !== undefined && trial.replicates === undefined && trial.tests === undefined;
}

/** Checks that the search stores nothing new once a limit has ended it. */
function checkEnd(before: Study | undefined, events: readonly StudyEvent[]): void {
  let isSpent = before?.spentLimit !== undefined;
  for (const event of events) {
    if (event.type === "budget-spent") isSpent = true;
    if (event.type === "study-reopened") isSpent = false;
    const isNew = event.type === "trial-queued" && event.replicates === undefined;
    assert.ok(!(isSpent && isNew), "no trial of the search is queued once the budget is spent");
  }
}

/** Checks that no trial of the search waits once a limit has ended it, and at most one goes on. */
function checkSpent({ spentLimit, trials }: Study): void {
  if (spentLimit === undefined) return;
  const left = trials.filter((trial) => isOutstanding(trial) && trial.replicates === undefined);
  assert.ok(left.every(isLeased), "no trial of the search waits once the budget is spent");
  // The plans of simulated trials have 100 epochs, of which a training reports seven at most.
  assert.ok(left.length <= 1, "at most one trial goes on once the budget is spent");
}

/** Checks that a search that goes on has reached none of the limits that end it under way. */
function checkOpen(study: Study): void {
  if (study.status !== "active" || study.searchEnded === true || study.spentLimit !== undefined) return;
  const times = { activeMs: activeMs(study, study.changedAt), wallMs: study.changedAt };
  for (const limit of ["maxEpochs", "maxSeconds", "maxTrainerSeconds"] as const) {
    const max = limitOf(study, limit) ?? Number.POSITIVE_INFINITY;
    const used = usedOf(study, limit, times) ?? 0;
    assert.ok(used < max, `the search goes on after ${used} of ${max} ${limit}`);
  }
}
