// Moves that several inputs share.
import type { AttemptEnd, Effect } from "../boundary/effect.js";
import { leased, type Phase, type Session } from "../state/state.js";

/** How often a trainer without a lease says that it is there. A coordinator counts it as alive for three of these. */
export const IDLE_HEARTBEAT_MS = 5_000;

export const IDLE_HEARTBEAT: Effect = { type: "send-heartbeat", timeoutMs: IDLE_HEARTBEAT_MS };

/** What one input leads to. */
export interface Step {
  readonly session: Session;
  /** To be started in this order. */
  readonly effects: readonly Effect[];
}

/** The input has no effect. */
export function unchanged(session: Session): Step {
  return { session, effects: [] };
}

/** Puts effects before those of a step. */
export function preceded(effects: readonly Effect[], step: Step): Step {
  return { session: step.session, effects: [...effects, ...step.effects] };
}

/** Turns to the next trial, or stops where there is to be none. */
export function nextTrial(session: Session): Step {
  const { engine } = session;
  if (session.drainEndsMs !== undefined) return unchanged({ ...session, phase: { name: "stopped" } });
  if (engine.name === "broken") return unchanged({ ...session, phase: { name: "stopped", fault: engine.fault } });
  if (engine.name === "starting") return unchanged({ ...session, phase: { name: "preparing" } });
  return { session: { ...session, phase: { name: "idle" } }, effects: [{ type: "pull-assignment" }] };
}

/** Lets go of the lease and of what is done under it, and says at once that the trainer is free. */
export function endAttempt(session: Session, end: AttemptEnd, nowMs: number): Step {
  const held = leased(session.phase);
  if (held === undefined) return unchanged(session);
  const released = releaseEngine(session);
  const next = nextTrial(released.session);
  const ended: Effect = { type: "end-attempt", lease: held.lease.key, end };
  const beat = next.session.phase.name === "stopped" ? [] : [IDLE_HEARTBEAT];
  return {
    session: { ...next.session, heartbeatSentMs: nowMs },
    effects: [ended, ...released.effects, ...beat, ...next.effects],
  };
}

/** Whether the training process has a trial, or is about to. */
export function trains(phase: Phase): phase is Phase & { readonly name: "restoring" | "training" | "leaving" } {
  return phase.name === "restoring" || phase.name === "training" || phase.name === "leaving";
}

/** Takes the training process off its trial. */
export function releaseEngine(session: Session): Step {
  if (!trains(session.phase) || session.engine.name !== "ready") return unchanged(session);
  return { session: { ...session, engine: { name: "starting" } }, effects: [{ type: "stop-training" }] };
}

/**
 * Leaves a phase without a lease: what was pulled goes back to the queue.
 *
 * @param delayMs - how long it rests there before it is offered again
 */
export function abandonPull(session: Session, delayMs = 0): readonly Effect[] {
  const { phase } = session;
  if (phase.name === "idle") return [{ type: "cancel-pull" }];
  if (phase.name !== "leasing") return [];
  const { assignment } = phase;
  return [
    { type: "cancel-lease-request", assignment },
    { type: "give-back-assignment", assignment, delayMs },
  ];
}
