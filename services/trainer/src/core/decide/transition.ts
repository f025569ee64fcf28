// Transitions that several inputs share.

import type { Failure } from "@sintonia/protocol/attempt-result";
import type { AttemptEnd, Effect } from "../boundary/effect.js";
import type { Step } from "../boundary/step.js";
import { type Leased, leased, type Phase } from "../state/phase.js";
import type { State } from "../state/state.js";

/**
 * Interval of heartbeats without a lease. The coordinator counts a trainer as alive for three
 * intervals.
 */
export const IDLE_HEARTBEAT_MS = 5_000;

/** The heartbeat of a trainer that holds no lease. */
export const IDLE_HEARTBEAT: Effect = { type: "send-heartbeat", timeoutMs: IDLE_HEARTBEAT_MS };

/** Returns a step that changes nothing. */
export function unchanged(state: State): Step {
  return { state, effects: [] };
}

/** Returns a step with further effects before its own. */
export function preceded(effects: readonly Effect[], step: Step): Step {
  return { state: step.state, effects: [...effects, ...step.effects] };
}

/**
 * Pulls the next assignment, or prepares the engine first, or waits until the coordinator accepts
 * the trainer, or until a person uncordons it. Stops if the trainer drains or its engine is broken.
 */
export function nextTrial(state: State): Step {
  const { engine } = state;
  if (state.drainEndsMs !== undefined) return unchanged({ ...state, phase: { name: "stopped" } });
  if (engine.name === "broken") return unchanged({ ...state, phase: { name: "stopped", fault: engine.fault } });
  if (engine.name === "starting") return unchanged({ ...state, phase: { name: "preparing" } });
  if (state.refusalCount !== undefined) return unchanged({ ...state, phase: { name: "refused" } });
  if (state.order !== undefined) return unchanged({ ...state, phase: { name: "cordoned" } });
  return { state: { ...state, phase: { name: "idle" } }, effects: [{ type: "pull-assignment" }] };
}

/**
 * Gives up the lease and all work under it. Sends a heartbeat at once, so that the coordinator
 * knows that the trainer is free.
 */
export function endAttempt(state: State, end: AttemptEnd, nowMs: number): Step {
  const held = leased(state.phase);
  if (held === undefined) return unchanged(state);
  const released = releaseEngine(state);
  const next = nextTrial(released.state);
  const ended: Effect = { type: "end-attempt", lease: held.lease.key, end };
  const heartbeat = next.state.phase.name === "stopped" ? [] : [IDLE_HEARTBEAT];
  return {
    state: { ...next.state, heartbeatSentMs: nowMs },
    effects: [ended, ...released.effects, ...heartbeat, ...next.effects],
  };
}

/** Tells the coordinator that the attempt failed. */
export function reportFailure(state: State, { lease, renewedMs }: Leased, failure: Failure): Step {
  return {
    state: { ...state, phase: { name: "failing", lease, renewedMs, failure } },
    effects: [{ type: "fail-trial", lease: lease.key, failure }],
  };
}

/**
 * Tells the coordinator that the trainer hands back a trial in training, and ends its training. A
 * trainer whose process is about to end leaves it to that.
 */
export function reportHandBack(state: State, held: Leased, failure: Failure): Step {
  const released = state.drainEndsMs === undefined ? releaseEngine(state) : unchanged(state);
  return preceded(released.effects, reportFailure(released.state, held, failure));
}

/** Tells whether the training process has a trial or will get one. */
export function trains(phase: Phase): phase is Phase & { readonly name: "restoring" | "training" | "leaving" } {
  return phase.name === "restoring" || phase.name === "training" || phase.name === "leaving";
}

/** Stops training if the training process has a trial. */
export function releaseEngine(state: State): Step {
  if (!trains(state.phase) || state.engine.name !== "ready") return unchanged(state);
  return { state: { ...state, engine: { name: "starting" } }, effects: [{ type: "stop-training" }] };
}

/**
 * Returns the effects that end the phases idle and leasing: the assignment returns to the queue.
 *
 * @param delayMs - delay before the queue offers the assignment again
 */
export function abandonPull(state: State, delayMs = 0): readonly Effect[] {
  const { phase } = state;
  if (phase.name === "idle") return [{ type: "cancel-pull" }];
  if (phase.name !== "leasing") return [];
  const { assignment } = phase;
  return [
    { type: "cancel-lease-request", assignment },
    { type: "give-back-assignment", assignment, delayMs },
  ];
}
