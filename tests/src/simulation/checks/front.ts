// Invariants of studies with several objectives or with limits on outcomes.

import assert from "node:assert/strict";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { readingOf } from "@sintonia/coordinator/core/state/reopening";
import type { Study, Trial } from "@sintonia/coordinator/core/state/study";
import { aimsOf } from "@sintonia/tuning/aims/aims";
import { dominates } from "@sintonia/tuning/front/dominance";
import { scoreOf } from "@sintonia/tuning/objective/goal";
import { type Aims, isWithin, outcomeNames } from "@sintonia/tuning/objective/outcomes";

/**
 * Checks the outcomes of new completed trials, and a new choice: no trial of the front is
 * dominated, each keeps the limits, and no other trial belongs there.
 */
export function checkFront(before: Study | undefined, after: Study, events: readonly StudyEvent[]): void {
  const aims = aimsOf(after.spec);
  if (aims === undefined) return;
  for (const event of events) {
    if (event.type === "trial-completed") checkOutcomes(after, event.trialId, aims);
    if (event.type === "best-selected") checkChoice(after, aims);
    if (event.type === "test-queued") checkUntested(before, event.tests);
  }
}

/** Returns the trials that a study measures on its test split. */
export function testedTrials({ spec, selection }: Study): readonly string[] {
  if (selection === undefined) return [];
  const front = spec.testFront === true ? (selection.front ?? []) : [];
  return [...new Set([selection.trialId, ...front.map(({ trialId }) => trialId)])];
}

function checkOutcomes({ trials }: Study, trialId: string, aims: Aims): void {
  const trial = trials.find(({ id }) => id === trialId);
  if (trial === undefined || trial.replicates !== undefined) return;
  assert.deepEqual(Object.keys(trial.outcomes ?? {}).sort(), outcomeNames(aims).sort(), "a trial has every outcome");
  assert.deepEqual(trial.outcomes?.["val_accuracy"], trial.objectives, "outcomes are those of the kept epochs");
}

function checkChoice({ trials, selection }: Study, aims: Aims): void {
  const completed = trials.filter(({ outcomes }) => outcomes !== undefined);
  const kept = completed.filter((trial) => aims.limits.every((limit) => isWithin(limit, firstOf(trial, limit.name))));
  const ids = selection?.front?.map(({ trialId }) => trialId) ?? [];
  if (kept.length === 0) {
    assert.deepEqual(ids, [], "no trial keeps the limits");
    return;
  }
  assert.ok(ids.includes(selection?.trialId ?? ""), "the picked trial is on the front");
  const losses = (trial: Trial) => aims.objectives.map(({ name, goal }) => -scoreOf(firstOf(trial, name), goal));
  const front = kept.filter((trial) => !kept.some((other) => dominates(losses(other), losses(trial))));
  if (aims.objectives.length === 1) assert.ok(isAmong(kept, ids), "the chosen trial keeps the limits");
  else {
    const expected = front.map(({ id }) => id);
    assert.deepEqual(ids, expected, "the front has the trials that no other one dominates");
  }
}

/** The values of a study of one execution have no known noise. */
function firstOf({ outcomes }: Trial, name: string): number {
  return outcomes?.[name]?.[0] ?? Number.NaN;
}

function isAmong(trials: readonly Trial[], ids: readonly string[]): boolean {
  return ids.every((id) => trials.some((trial) => trial.id === id));
}

function checkUntested(before: Study | undefined, trialId: string): void {
  const reading = before && readingOf(before, trialId);
  assert.equal(reading?.testMetrics, undefined, "no trial is tested twice");
}
