// From an assignment to a lease.

import type { Assignment } from "@sintonia/protocol/lease";
import type { Input } from "../boundary/input.js";
import type { Session } from "../state/state.js";
import { beginTrial } from "./restoring.js";
import { nextTrial, preceded, type Step, unchanged } from "./transition.js";

/** How long to wait for a coordinator that does not answer before another trainer may try. */
export const LEASE_WAIT_MS = 20_000;

/** How long a given back assignment rests: a coordinator that just failed needs some time. */
export const GIVE_BACK_DELAY_MS = 5_000;

type Of<T extends Input["type"]> = Extract<Input, { type: T }>;

export function assignmentReceived(session: Session, { assignment }: Of<"assignment-received">, nowMs: number): Step {
  if (session.phase.name !== "idle") {
    // It was on its way when the pull was cancelled.
    return { session, effects: [{ type: "give-back-assignment", assignment, delayMs: 0 }] };
  }
  return {
    session: { ...session, phase: { name: "leasing", assignment, giveUpAtMs: nowMs + LEASE_WAIT_MS } },
    effects: [{ type: "acquire-lease", assignment }],
  };
}

/** Once the lease is granted only the lease counts, so the assignment has done its part. */
export function leaseGranted(
  session: Session,
  { assignment, lease, sentMs }: Of<"lease-granted">,
  nowMs: number,
): Step {
  if (!isAwaited(session, assignment)) return unchanged(session);
  const begun = beginTrial(session, { lease, renewedMs: sentMs }, lease.checkpoints, nowMs);
  return preceded([{ type: "accept-assignment", assignment }], begun);
}

export function leaseRefused(session: Session, { assignment }: Of<"lease-refused">): Step {
  if (!isAwaited(session, assignment)) return unchanged(session);
  return preceded([{ type: "accept-assignment", assignment }], nextTrial(session));
}

/** A fault of this trainer or of the coordinator, not of the assignment: it must not be lost. */
export function leaseRejected(session: Session, { assignment }: Of<"lease-rejected">): Step {
  if (!isAwaited(session, assignment)) return unchanged(session);
  const giveBack = { type: "give-back-assignment", assignment, delayMs: GIVE_BACK_DELAY_MS } as const;
  return preceded([giveBack], nextTrial(session));
}

function isAwaited({ phase }: Session, { studyId, trialId, attempt }: Assignment): boolean {
  if (phase.name !== "leasing") return false;
  const awaited = phase.assignment;
  return awaited.studyId === studyId && awaited.trialId === trialId && awaited.attempt === attempt;
}
