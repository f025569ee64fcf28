// When a checkpoint of a trial in training is made, and when it is uploaded.

import type { Effect } from "../boundary/effect.js";
import type { Step } from "../boundary/step.js";
import type { Phase, Saving } from "../state/phase.js";
import { isAnswered } from "../state/reports.js";
import type { State } from "../state/state.js";
import { unchanged } from "./transition.js";

/** The phases in which checkpoints are made or uploaded. */
export type SavingPhase = Extract<Phase, { readonly saving: Saving }>;

/**
 * Returns the progress of checkpoints at the start of training. The first checkpoint is due one
 * interval later.
 */
export function startSaving(nowMs: number): Saving {
  return { begunMs: nowMs, isMaking: false, isUploading: false, hasNewEpochs: false };
}

/**
 * Begins a checkpoint if one interval has passed since the last one began and it would cover new
 * epochs.
 */
export function saveIfDue(state: State, nowMs: number): Step {
  const { phase, checkpointIntervalMs } = state;
  if (phase.name !== "training" || nowMs - phase.saving.begunMs < checkpointIntervalMs) return unchanged(state);
  return beginSaving(state, phase, nowMs) ?? unchanged(state);
}

/** Begins a checkpoint. Returns undefined if one is under way or would cover no new epoch. */
export function beginSaving(state: State, phase: SavingPhase, nowMs: number): Step | undefined {
  const { isMaking, isUploading, hasNewEpochs } = phase.saving;
  if (isMaking || isUploading || !hasNewEpochs) return undefined;
  const saving: Saving = { ...phase.saving, begunMs: nowMs, isMaking: true, hasNewEpochs: false };
  return { state: { ...state, phase: { ...phase, saving } }, effects: [{ type: "make-checkpoint" }] };
}

/**
 * Uploads the checkpoint that the trainer holds, after the one that is being uploaded. The
 * coordinator takes a checkpoint only after the reports of all epochs that it covers.
 */
export function uploadIfReported(state: State): Step {
  const { phase } = state;
  if (!("saving" in phase) || phase.saving.isUploading) return unchanged(state);
  const { held, ...saving } = phase.saving;
  if (held === undefined || !isAnswered(phase.reports, held)) return unchanged(state);
  const upload: Effect = { type: "save-checkpoint", lease: phase.lease.key, checkpoint: held };
  return { state: { ...state, phase: { ...phase, saving: { ...saving, isUploading: true } } }, effects: [upload] };
}
