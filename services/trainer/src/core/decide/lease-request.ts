// The request for a lease: from an assignment to the grant or the refusal. A trainer that the
// coordinator refuses, for example for its token, takes no assignments, so that they go to other
// trainers. It sends heartbeats until one is answered.

import type { Assignment } from "@sintonia/protocol/lease";
import type { InputOf, Refusal } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import { remainingMs, withoutStudy, withoutTrial, withRejection } from "../state/rejections.js";
import type { State } from "../state/state.js";
import { beginTrial } from "./restoring.js";
import { abandonPull, IDLE_HEARTBEAT_MS, nextTrial, preceded, reportFailure, unchanged } from "./transition.js";

/**
 * Time limit for the answer to a lease request. After it, the assignment returns to the queue for
 * another trainer.
 */
export const LEASE_WAIT_MS = 20_000;

/**
 * Delay before the queue offers an assignment again whose lease request got no answer, in
 * milliseconds. A coordinator that failed needs time to recover.
 */
export const GIVE_BACK_DELAY_MS = 5_000;

/**
 * Rest of a trainer that a study has set aside, in milliseconds. The trainer then tries again, for
 * example after its data was mended, or for another study.
 */
export const REST_MS = 30_000;

/**
 * Rest of a trainer that lacks the resources of a study, in milliseconds. A thousand such trainers
 * then ask 200 times a second. A trial that they could take waits this time at most.
 */
export const UNFIT_REST_MS = 5_000;

/** Longest interval of the heartbeats of a refused trainer: the time until it sees the mend. */
export const REFUSED_HEARTBEAT_MAX_MS = 60_000;

/**
 * Asks for the lease of an assignment. Returns the assignment if the trainer is not idle, or may
 * not ask for this trial yet.
 */
export function assignmentReceived(state: State, { assignment }: InputOf<"assignment-received">, nowMs: number): Step {
  if (state.phase.name !== "idle") {
    // The assignment was in transit when the trainer cancelled the pull.
    return { state, effects: [{ type: "give-back-assignment", assignment, delayMs: 0 }] };
  }
  const delayMs = remainingMs(state.rejections, assignment, nowMs);
  if (delayMs > 0) return preceded([{ type: "give-back-assignment", assignment, delayMs }], nextTrial(state));
  return {
    state: { ...state, phase: { name: "leasing", assignment, giveUpAtMs: nowMs + LEASE_WAIT_MS } },
    effects: [{ type: "acquire-lease", assignment }],
  };
}

/**
 * Accepts the assignment: from the grant on, only the lease counts. Begins the trial, or hands it
 * back if the trainer drains.
 */
export function leaseGranted(
  state: State,
  { assignment, lease, sentMs }: InputOf<"lease-granted">,
  nowMs: number,
): Step {
  const { phase } = state;
  if (!isAwaited(state, assignment)) return unchanged(state);
  const granted = { ...state, rejections: withoutTrial(state.rejections, assignment) };
  const held = { lease, renewedMs: sentMs };
  const next =
    phase.name === "leasing" && phase.failure !== undefined
      ? reportFailure(granted, held, phase.failure)
      : beginTrial(granted, held, lease.checkpoints, nowMs);
  return preceded([{ type: "accept-assignment", assignment }], next);
}

/** The rests of a trainer after refusals that leave the assignment valid. */
const REST_OF_REFUSAL: Partial<Record<Refusal, number>> = { "set-aside": REST_MS, unfit: UNFIT_REST_MS };

/**
 * Accepts the assignment, which is void, and turns to the next one. A trainer that is set aside,
 * cordoned or unfit returns the assignment for another trainer, and rests.
 */
export function leaseRefused(before: State, { assignment, reason }: InputOf<"lease-refused">, nowMs: number): Step {
  if (!isAwaited(before, assignment)) return unchanged(before);
  const forget = reason === "unknown-trial" || reason === "study-over" ? withoutStudy : withoutTrial;
  const state: State = { ...before, rejections: forget(before.rejections, assignment) };
  if (reason === "cordoned") {
    const cordoned: State = { ...state, order: state.order ?? "cordon" };
    return preceded([{ type: "give-back-assignment", assignment, delayMs: 0 }], nextTrial(cordoned));
  }
  const restMs = REST_OF_REFUSAL[reason];
  if (restMs !== undefined) {
    const ends = state.drainEndsMs !== undefined || state.engine.name === "broken";
    const rests = unchanged({ ...state, phase: { name: "resting", untilMs: nowMs + restMs } });
    return preceded([{ type: "give-back-assignment", assignment, delayMs: 0 }], ends ? nextTrial(state) : rests);
  }
  return preceded([{ type: "accept-assignment", assignment }], nextTrial(state));
}

/**
 * Returns the assignment to the queue: the trainer or the coordinator is at fault, and another
 * trainer may succeed. At once if the coordinator refuses every call of this trainer; else with a
 * delay that grows with the rejections of the trial.
 */
export function leaseRejected(state: State, { assignment }: InputOf<"lease-rejected">, nowMs: number): Step {
  if (!isAwaited(state, assignment)) return unchanged(state);
  const isForTrial = state.refusalCount === undefined;
  const rejections = isForTrial ? withRejection(state.rejections, assignment, nowMs) : state.rejections;
  const delayMs = isForTrial ? remainingMs(rejections, assignment, nowMs) : 0;
  return preceded([{ type: "give-back-assignment", assignment, delayMs }], nextTrial({ ...state, rejections }));
}

/**
 * Counts a refusal, and ends the pull. A trial or a lease request under way goes on: its own calls
 * decide about it.
 */
export function trainerRefused(state: State): Step {
  const refused: State = { ...state, refusalCount: (state.refusalCount ?? 0) + 1 };
  return state.phase.name === "idle" ? preceded(abandonPull(state), nextTrial(refused)) : unchanged(refused);
}

/** Takes assignments again. */
export function trainerAccepted(state: State): Step {
  const { refusalCount, ...accepted } = state;
  if (refusalCount === undefined) return unchanged(state);
  return state.phase.name === "refused" ? nextTrial(accepted) : unchanged(accepted);
}

/** Returns the interval of heartbeats without a lease. It doubles with each refusal. */
export function idleHeartbeatMs({ refusalCount = 0 }: State): number {
  return Math.min(IDLE_HEARTBEAT_MS * 2 ** Math.max(0, refusalCount - 1), REFUSED_HEARTBEAT_MAX_MS);
}

function isAwaited({ phase }: State, { studyId, trialId, attempt }: Assignment): boolean {
  if (phase.name !== "leasing") return false;
  const awaited = phase.assignment;
  return awaited.studyId === studyId && awaited.trialId === trialId && awaited.attempt === attempt;
}
