// The readiness and the crashes of the training process.

import type { Failure } from "@sintonia/protocol/attempt-result";
import type { InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import { leased } from "../state/phase.js";
import type { State } from "../state/state.js";
import { endTraining } from "./training.js";
import { abandonPull, nextTrial, preceded, reportFailure, unchanged } from "./transition.js";

/** Crashes in a row after which the trainer gives up its training process and stops. */
export const CRASHES_MAX = 5;

/** Pulls an assignment once the engine is ready and the trainer is free. */
export function engineReady(state: State): Step {
  if (state.phase.name === "stopped" || state.engine.name !== "starting") return unchanged(state);
  const ready: State = { ...state, engine: { name: "ready" }, engineProven: true };
  return state.phase.name === "preparing" ? nextTrial(ready) : unchanged(ready);
}

/** Breaks the trainer: its engine cannot start. */
export function engineFailed(state: State, { message }: InputOf<"engine-failed">): Step {
  if (state.phase.name === "stopped") return unchanged(state);
  return breakEngine(state, message, { kind: "trainer", message: `The engine cannot start: ${message}` });
}

/**
 * Restarts the training process. Breaks the trainer if the process died before its engine was ever
 * ready, or CRASHES_MAX times in a row.
 */
export function childDied(state: State, { detail }: InputOf<"child-died">): Step {
  if (state.phase.name === "stopped") return unchanged(state);
  if (!state.engineProven) {
    return breakEngine(state, `the training process ended (${detail}) before its engine was ready`, died(detail));
  }
  const crashed: State = { ...state, crashCount: state.crashCount + 1 };
  if (crashed.crashCount >= CRASHES_MAX) {
    const fault = `the training process died ${CRASHES_MAX} times in a row, the last time by ${detail}`;
    return breakEngine(crashed, fault, died(detail));
  }
  const restarting: State = { ...crashed, engine: { name: "starting" } };
  const restart = state.drainEndsMs === undefined ? [{ type: "start-training-process" } as const] : [];
  return preceded(restart, leaveEngine(restarting, died(detail)));
}

function died(detail: string): Failure {
  return { kind: "interrupted", message: `The training process of the trainer died (${detail}).` };
}

function breakEngine(state: State, fault: string, failure: Failure): Step {
  return leaveEngine({ ...state, engine: { name: "broken", fault } }, failure);
}

/**
 * Ends a trial in training with a failure. A trial that is past training needs no training process
 * and may finish.
 */
function leaveEngine(state: State, failure: Failure): Step {
  const { phase } = state;
  if (phase.name === "leaving") return endTraining(state, phase, { kind: "failed", failure: phase.failure });
  if (phase.name === "training") return endTraining(state, phase, { kind: "failed", failure });
  if (phase.name === "restoring") return reportFailure(state, phase, failure);
  return leased(phase) === undefined ? preceded(abandonPull(state), nextTrial(state)) : unchanged(state);
}
