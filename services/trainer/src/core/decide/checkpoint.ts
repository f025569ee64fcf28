// The progress of checkpoints while a trial is trained, and after it.

import type { InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import type { Saving } from "../state/phase.js";
import type { State } from "../state/state.js";
import { beginSaving, type SavingPhase, saveIfDue, uploadIfReported } from "./saving.js";
import { endIfReported } from "./training.js";
import { preceded, reportHandBack, unchanged } from "./transition.js";

/**
 * Begins the last checkpoint of a trainer that drains, or uploads the one that it holds. If there
 * is nothing to save, reports the failure that returns the trial to the queue. Waits while a report
 * has no answer or a checkpoint is under way.
 */
export function saveLast(state: State, nowMs: number): Step {
  const { phase } = state;
  if (phase.name !== "leaving" || phase.reports.queue.length > 0) return unchanged(state);
  const { isMaking, isUploading, hasNewEpochs, held } = phase.saving;
  if (isMaking || isUploading) return unchanged(state);
  if (!hasNewEpochs && held === undefined) return reportHandBack(state, phase, phase.failure);
  return beginSaving(state, phase, nowMs) ?? uploadIfReported(state);
}

/**
 * Uploads a checkpoint, unless its training has ended. Holds one that covers an unanswered report:
 * the newest takes the place of an older one.
 */
export function checkpointMade(state: State, { checkpoint }: InputOf<"checkpoint-made">): Step {
  const { phase } = state;
  if (phase.name !== "training" && phase.name !== "leaving") return unchanged(state);
  return uploadIfReported(saved(state, phase, { isMaking: false, held: checkpoint }));
}

/** Ends a checkpoint that cannot be made. Training continues without it. */
export function checkpointFailed(state: State, nowMs: number): Step {
  const { phase } = state;
  if (phase.name !== "training" && phase.name !== "leaving") return unchanged(state);
  return saveNext(saved(state, phase, { isMaking: false }), nowMs);
}

/** Ends the upload of a checkpoint, whether it was saved or rejected. */
export function uploadEnded(state: State, nowMs: number): Step {
  const { phase } = state;
  if (!("saving" in phase)) return unchanged(state);
  return saveNext(saved(state, phase, { isUploading: false }), nowMs);
}

function saveNext(state: State, nowMs: number): Step {
  const { phase } = state;
  if (phase.name === "reporting") return endIfReported(state, phase);
  if (phase.name === "leaving") return saveLast(state, nowMs);
  const uploading = uploadIfReported(state);
  return preceded(uploading.effects, saveIfDue(uploading.state, nowMs));
}

function saved(state: State, phase: SavingPhase, change: Partial<Saving>): State {
  return { ...state, phase: { ...phase, saving: { ...phase.saving, ...change } } };
}
