// The state machine of a trainer. state/phase.ts lists its phases and how each is entered and
// left.

import type { Input } from "./boundary/input.js";
import type { Step } from "./boundary/step.js";
import { callRejected, directiveReceived, leaseUnconfirmed } from "./decide/call-answer.js";
import { checkpointFailed, checkpointMade } from "./decide/checkpoint.js";
import {
  assignmentReceived,
  leaseGranted,
  leaseRefused,
  leaseRejected,
  trainerAccepted,
  trainerRefused,
} from "./decide/lease-request.js";
import { epochTrained } from "./decide/report.js";
import {
  checkpointAccepted,
  checkpointDownloaded,
  checkpointRefused,
  checkpointUnavailable,
} from "./decide/restoring.js";
import { drain, orderReceived, tick } from "./decide/time.js";
import { trainingCompleted, trainingFailed } from "./decide/training.js";
import { childDied, engineFailed, engineReady } from "./decide/training-process.js";
import { IDLE_HEARTBEAT, unchanged } from "./decide/transition.js";
import { initialState, type Settings, type State } from "./state/state.js";

/** Starts a trainer, which sends its first heartbeat at once and starts its training process. */
export function begin(nowMs: number, settings: Settings): Step {
  return {
    state: initialState(nowMs, settings),
    effects: [{ type: "start-training-process" }, IDLE_HEARTBEAT],
  };
}

/**
 * Decides the result of an input. A pure function: equal arguments give equal steps.
 *
 * @param nowMs - monotonic time in milliseconds, at least that of the input before
 */
export function apply(state: State, input: Input, nowMs: number): Step {
  switch (input.type) {
    case "engine-ready":
      return engineReady(state);
    case "engine-failed":
      return engineFailed(state, input);
    case "child-died":
      return childDied(state, input);
    case "assignment-received":
      return assignmentReceived(state, input, nowMs);
    case "lease-granted":
      return leaseGranted(state, input, nowMs);
    case "lease-refused":
      return leaseRefused(state, input, nowMs);
    case "lease-rejected":
      return leaseRejected(state, input, nowMs);
    case "trainer-refused":
      return trainerRefused(state);
    case "trainer-accepted":
      return trainerAccepted(state);
    case "checkpoint-downloaded":
      return checkpointDownloaded(state, input);
    case "checkpoint-unavailable":
      return checkpointUnavailable(state, input, nowMs);
    case "checkpoint-accepted":
      return checkpointAccepted(state);
    case "checkpoint-refused":
      return checkpointRefused(state, nowMs);
    case "checkpoint-made":
      return checkpointMade(state, input);
    case "checkpoint-failed":
      return checkpointFailed(state, nowMs);
    case "epoch-trained":
      return epochTrained(state, input, nowMs);
    case "training-completed":
      return trainingCompleted(state, input);
    case "training-failed":
      return trainingFailed(state, input);
    case "directive-received":
      return directiveReceived(state, input, nowMs);
    case "lease-unconfirmed":
      return leaseUnconfirmed(state, input);
    case "heartbeat-lost":
      return unchanged({ ...state, isHeartbeatLost: true });
    case "call-rejected":
      return callRejected(state, input, nowMs);
    case "tick":
      return tick(state, nowMs);
    case "order-received":
      return orderReceived(state, input, nowMs);
    case "drain":
      return drain(state, input, nowMs);
  }
}
