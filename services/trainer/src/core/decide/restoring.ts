// The start of training: from the newest checkpoint that is intact, else from the beginning.

import type { StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import type { Leased, Phase } from "../state/phase.js";
import { NO_REPORTS } from "../state/reports.js";
import type { State } from "../state/state.js";
import { startSaving } from "./saving.js";
import { unchanged } from "./transition.js";

type Restoring = Extract<Phase, { readonly name: "restoring" }>;

/**
 * Restores the first of the untried checkpoints, or trains from the beginning if there is none.
 */
export function beginTrial(
  state: State,
  { lease, renewedMs }: Leased,
  untried: readonly StoredCheckpoint[],
  nowMs: number,
): Step {
  const [checkpoint] = untried;
  if (checkpoint === undefined) {
    return {
      state: inTraining(state, { lease, renewedMs }, nowMs),
      effects: [{ type: "train", lease }],
    };
  }
  return {
    state: { ...state, phase: { name: "restoring", lease, renewedMs, untried } },
    effects: [{ type: "download-checkpoint", lease: lease.key, checkpoint }],
  };
}

/** Hands a downloaded checkpoint to the training process. */
export function checkpointDownloaded(state: State, { token, sha256, bytes }: InputOf<"checkpoint-downloaded">): Step {
  const phase = awaiting(state, token, sha256);
  if (phase === undefined) return unchanged(state);
  return { state, effects: [{ type: "train", lease: phase.lease, checkpoint: bytes }] };
}

/** Tries the next checkpoint. */
export function checkpointUnavailable(
  state: State,
  { token, sha256 }: InputOf<"checkpoint-unavailable">,
  nowMs: number,
): Step {
  const phase = awaiting(state, token, sha256);
  return phase === undefined ? unchanged(state) : tryNext(state, phase, nowMs);
}

/** Tries the next checkpoint: the training process refused this one and waits for a trial. */
export function checkpointRefused(state: State, nowMs: number): Step {
  return state.phase.name === "restoring" ? tryNext(state, state.phase, nowMs) : unchanged(state);
}

/**
 * Tells the coordinator that the trial resumes from the checkpoint, while the training process
 * waits.
 */
export function checkpointAccepted(state: State): Step {
  const { phase } = state;
  if (phase.name !== "restoring") return unchanged(state);
  const [checkpoint] = phase.untried as readonly [StoredCheckpoint];
  return { state, effects: [{ type: "resume-trial", lease: phase.lease.key, sha256: checkpoint.sha256 }] };
}

/** Resumes training after the epochs that the checkpoint covers. They count as reported. */
export function trialResumed(state: State, nowMs: number): Step {
  const { phase } = state;
  if (phase.name !== "restoring") return unchanged(state);
  return { state: inTraining(state, phase, nowMs), effects: [{ type: "resume-training" }] };
}

function inTraining(state: State, { lease, renewedMs }: Leased, nowMs: number): State {
  const saving = startSaving(nowMs);
  return { ...state, phase: { name: "training", lease, renewedMs, reports: NO_REPORTS, saving } };
}

function tryNext(state: State, phase: Restoring, nowMs: number): Step {
  return beginTrial(state, phase, phase.untried.slice(1), nowMs);
}

function awaiting({ phase }: State, token: number, sha256: string): Restoring | undefined {
  if (phase.name !== "restoring" || phase.lease.key.token !== token) return undefined;
  return phase.untried[0]?.sha256 === sha256 ? phase : undefined;
}
