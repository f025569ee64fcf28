// Reports of the training process about its trial.

import type { Failure } from "@sintonia/protocol/attempt-result";
import type { InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import type { Leased } from "../state/phase.js";
import type { State } from "../state/state.js";
import { trains, unchanged } from "./transition.js";

/** Reports an epoch to the coordinator, while the training process waits. */
export function epochTrained(state: State, { measurement }: InputOf<"epoch-trained">): Step {
  const { phase } = state;
  if (phase.name !== "training") return unchanged(state);
  return {
    state: { ...state, crashCount: 0 },
    effects: [{ type: "report-epoch", lease: phase.lease.key, measurement }],
  };
}

/** Uploads the weights of a trial that trained to its end. */
export function trainingCompleted(state: State, { weights }: InputOf<"training-completed">): Step {
  const { phase } = state;
  if (!("saving" in phase)) return unchanged(state);
  const { lease, renewedMs } = phase;
  return {
    state: { ...state, crashCount: 0, phase: { name: "uploading", lease, renewedMs, weights } },
    effects: [{ type: "upload-weights", lease: lease.key, weights }],
  };
}

/** Reports a trial that training could not complete, or not begin. */
export function trainingFailed(state: State, { failure }: InputOf<"training-failed">): Step {
  const { phase } = state;
  if (!trains(phase)) return unchanged(state);
  return reportFailure({ ...state, crashCount: 0 }, phase, failure);
}

/** Tells the coordinator that the attempt failed. */
export function reportFailure(state: State, { lease, renewedMs }: Leased, failure: Failure): Step {
  return {
    state: { ...state, phase: { name: "failing", lease, renewedMs, failure } },
    effects: [{ type: "fail-trial", lease: lease.key, failure }],
  };
}
