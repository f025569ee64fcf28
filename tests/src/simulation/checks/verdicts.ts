// The verdicts of pruners: whom they may end, pause and promote.

import assert from "node:assert/strict";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { evolve } from "@sintonia/coordinator/core/state/evolve";
import { findTrial, isLeased, type Study } from "@sintonia/coordinator/core/state/study";

/**
 * Checks that a pruner judges trials of the search alone, and only with evidence that they are
 * behind. No trial is promoted twice from one rung, or in a pause.
 */
export function checkVerdicts(before: Study, after: Study, events: readonly StudyEvent[]): void {
  let study = before;
  for (const event of events) {
    if (event.type === "trial-pruned" || event.type === "trial-paused") checkBehind(study, event);
    if (event.type === "trial-promoted") checkPromotion(study, event);
    study = evolve(study, event, after.changedAt);
  }
  for (const { id, state, lease, measurements } of after.trials) {
    if (state === "paused") assert.ok(lease !== undefined && measurements.length > 0, `trial ${id} waits at a rung`);
  }
}

function checkBehind(
  { trials, spec }: Study,
  { trialId, evidence }: Extract<StudyEvent, { type: "trial-pruned" | "trial-paused" }>,
): void {
  const trial = trials.find(({ id }) => id === trialId);
  assert.equal(trial?.replicates, undefined, `trial ${trialId} is no replicate`);
  assert.ok(trial !== undefined && !(trial.state === "queued"), `trial ${trialId} has a trainer, or is paused`);
  assert.equal(spec.objective.goal, "maximize");
  assert.ok(evidence.value <= evidence.limit, `trial ${trialId} is behind: ${evidence.value} of ${evidence.limit}`);
}

function checkPromotion(study: Study, { trialId, rung, attempt }: Extract<StudyEvent, { type: "trial-promoted" }>) {
  const trial = findTrial(study, trialId);
  assert.ok(trial !== undefined && rung > (trial.promotedFrom ?? 0), `trial ${trialId} leaves a rung once`);
  if (attempt === undefined) assert.ok(isLeased(trial), `trial ${trialId} goes on under its lease`);
  else assert.deepEqual([trial.state, study.pause], ["paused", undefined], `trial ${trialId} was paused`);
}
