import type { Input } from "./boundary/input.js";
import { callRejected, directiveReceived } from "./decide/call-answer.js";
import { checkpointMade, savingEnded } from "./decide/checkpoint.js";
import { assignmentReceived, leaseGranted, leaseRefused, leaseRejected } from "./decide/lease-request.js";
import {
  checkpointAccepted,
  checkpointDownloaded,
  checkpointRefused,
  checkpointUnavailable,
} from "./decide/restoring.js";
import { drain, tick } from "./decide/time.js";
import { epochTrained, trainingCompleted, trainingFailed } from "./decide/training.js";
import { childDied, engineFailed, engineReady } from "./decide/training-process.js";
import { IDLE_HEARTBEAT, type Step } from "./decide/transition.js";
import { initialSession, type Session } from "./state/state.js";

/**
 * Starts a session: the trainer says at once that it is there, and prepares its engine.
 *
 * @param checkpointIntervalMs - shortest time from one checkpoint of a trial to the next
 */
export function begin(nowMs: number, checkpointIntervalMs: number): Step {
  return {
    session: initialSession(nowMs, checkpointIntervalMs),
    effects: [{ type: "start-training-process" }, IDLE_HEARTBEAT],
  };
}

/**
 * Decides what an input leads to.
 *
 * @param nowMs - monotonic time in milliseconds; never less than at the input before
 */
export function step(session: Session, input: Input, nowMs: number): Step {
  switch (input.type) {
    case "engine-ready":
      return engineReady(session);
    case "engine-failed":
      return engineFailed(session, input);
    case "child-died":
      return childDied(session, input);
    case "assignment-received":
      return assignmentReceived(session, input, nowMs);
    case "lease-granted":
      return leaseGranted(session, input, nowMs);
    case "lease-refused":
      return leaseRefused(session, input);
    case "lease-rejected":
      return leaseRejected(session, input);
    case "checkpoint-downloaded":
      return checkpointDownloaded(session, input);
    case "checkpoint-unavailable":
      return checkpointUnavailable(session, input, nowMs);
    case "checkpoint-accepted":
      return checkpointAccepted(session);
    case "checkpoint-refused":
      return checkpointRefused(session, nowMs);
    case "checkpoint-made":
      return checkpointMade(session, input);
    case "checkpoint-failed":
      return savingEnded(session, nowMs);
    case "epoch-trained":
      return epochTrained(session, input);
    case "training-completed":
      return trainingCompleted(session, input);
    case "training-failed":
      return trainingFailed(session, input);
    case "directive-received":
      return directiveReceived(session, input, nowMs);
    case "call-rejected":
      return callRejected(session, input, nowMs);
    case "tick":
      return tick(session, nowMs);
    case "drain":
      return drain(session, nowMs);
  }
}
