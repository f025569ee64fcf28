// Checkpoints while a trial is trained: when one is made, uploaded and finished.

import type { InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import type { Phase, Saving } from "../state/phase.js";
import type { State } from "../state/state.js";
import { reportFailure } from "./training.js";
import { unchanged } from "./transition.js";

/** The phases in which checkpoints are made. */
type SavingPhase = Extract<Phase, { readonly saving: Saving }>;

/**
 * Returns the progress of checkpoints at the start of training. The first checkpoint is due one
 * interval later.
 */
export function startSaving(nowMs: number): Saving {
  return { begunMs: nowMs, isUnderWay: false, hasNewEpochs: false };
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

/**
 * Begins the last checkpoint of a trainer that drains. If there is nothing new to save, reports
 * the failure that returns the trial to the queue. Waits while an earlier checkpoint is under way.
 */
export function saveLast(state: State, nowMs: number): Step {
  const { phase } = state;
  if (phase.name !== "leaving" || phase.saving.isUnderWay) return unchanged(state);
  return beginSaving(state, phase, nowMs) ?? reportFailure(state, phase, phase.failure);
}

function beginSaving(state: State, phase: SavingPhase, nowMs: number): Step | undefined {
  const { isUnderWay, hasNewEpochs } = phase.saving;
  if (isUnderWay || !hasNewEpochs) return undefined;
  const saving: Saving = { begunMs: nowMs, isUnderWay: true, hasNewEpochs: false };
  return { state: { ...state, phase: { ...phase, saving } }, effects: [{ type: "make-checkpoint" }] };
}

/** Uploads a checkpoint, unless its training has ended. */
export function checkpointMade(state: State, { checkpoint }: InputOf<"checkpoint-made">): Step {
  const { phase } = state;
  if (!("saving" in phase)) return unchanged(state);
  return { state, effects: [{ type: "save-checkpoint", lease: phase.lease.key, checkpoint }] };
}

/** Ends a checkpoint, whether it was saved or failed. Training continues in both cases. */
export function savingEnded(state: State, nowMs: number): Step {
  const { phase } = state;
  if (!("saving" in phase)) return unchanged(state);
  const ended: State = { ...state, phase: { ...phase, saving: { ...phase.saving, isUnderWay: false } } };
  return phase.name === "leaving" ? saveLast(ended, nowMs) : saveIfDue(ended, nowMs);
}

/** Records that the coordinator accepted an epoch, which the next checkpoint will cover. */
export function epochReported(state: State): State {
  const { phase } = state;
  if (!("saving" in phase)) return state;
  return { ...state, phase: { ...phase, saving: { ...phase.saving, hasNewEpochs: true } } };
}
