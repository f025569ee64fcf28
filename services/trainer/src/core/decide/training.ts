// The end of a trial's training.

import type { InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import type { Phase, TrainingEnd } from "../state/phase.js";
import type { State } from "../state/state.js";
import { uploadIfReported } from "./saving.js";
import { reportFailure, trains, unchanged } from "./transition.js";

type Named<N extends Phase["name"]> = Extract<Phase, { readonly name: N }>;

/** Uploads the weights of a trial that trained to its end, once all epochs are reported. */
export function trainingCompleted(state: State, { weights }: InputOf<"training-completed">): Step {
  const { phase } = state;
  if (phase.name !== "training" && phase.name !== "leaving") return unchanged(state);
  return endTraining({ ...state, crashCount: 0 }, phase, { kind: "completed", weights });
}

/** Reports a trial that training could not complete, or not begin. */
export function trainingFailed(state: State, { failure }: InputOf<"training-failed">): Step {
  const { phase } = state;
  if (!trains(phase)) return unchanged(state);
  const failed: State = { ...state, crashCount: 0 };
  if (phase.name === "restoring") return reportFailure(failed, phase, failure);
  return endTraining(failed, phase, { kind: "failed", failure });
}

/**
 * Ends the training of a trial. The reports of its epochs come first, so that the coordinator
 * decides on the trial as if it had answered each in time. A checkpoint that is under way may still
 * arrive, and is not waited for.
 */
export function endTraining(state: State, phase: Named<"training" | "leaving">, end: TrainingEnd): Step {
  const { lease, renewedMs, reports } = phase;
  const saving = { ...phase.saving, isUploading: false };
  const reporting = { name: "reporting", lease, renewedMs, reports, saving, end } as const;
  return endIfReported({ ...state, phase: reporting }, reporting);
}

/**
 * Ends the phase reporting once the coordinator has answered every report. A failed attempt first
 * uploads the checkpoint that the trainer holds, from which the next one resumes.
 */
export function endIfReported(state: State, { lease, renewedMs, reports, saving, end }: Named<"reporting">): Step {
  if (reports.queue.length > 0 || saving.isUploading) return unchanged(state);
  if (end.kind === "failed") {
    return saving.held === undefined
      ? reportFailure(state, { lease, renewedMs }, end.failure)
      : uploadIfReported(state);
  }
  const { weights } = end;
  return {
    state: { ...state, phase: { name: "uploading", lease, renewedMs, weights, uploads: 1 } },
    effects: [{ type: "upload-weights", lease: lease.key, weights }],
  };
}
