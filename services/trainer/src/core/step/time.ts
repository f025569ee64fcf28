// What the passing of time and the wish to end lead to.
import type { Effect } from "../effect.js";
import { leased, type Session } from "../session.js";
import { GIVE_BACK_DELAY_MS } from "./lease-request.js";
import { reportFailure } from "./training.js";
import {
  abandonPull,
  endAttempt,
  IDLE_HEARTBEAT,
  IDLE_HEARTBEAT_MS,
  nextTrial,
  preceded,
  type Step,
  unchanged,
} from "./transition.js";

/** How long a draining trainer waits for the coordinator to take its last word. Kubernetes kills after 30 s. */
export const DRAIN_MS = 5_000;

/** Does the first that is due: end the drain, fence, give up on a lease, send a heartbeat. */
export function tick(session: Session, nowMs: number): Step {
  const { phase, drainEndsMs } = session;
  if (phase.name === "stopped") return unchanged(session);
  if (drainEndsMs !== undefined && nowMs >= drainEndsMs) return endAttempt(session, "unreported", nowMs);
  const held = leased(phase);
  if (held !== undefined && nowMs - held.renewedMs >= held.lease.ttlMs) return endAttempt(session, "fenced", nowMs);
  if (phase.name === "leasing" && nowMs >= phase.giveUpAtMs) {
    return preceded(abandonPull(session, GIVE_BACK_DELAY_MS), nextTrial(session));
  }
  return heartbeatIfDue(session, nowMs);
}

function heartbeatIfDue(session: Session, nowMs: number): Step {
  const lease = leased(session.phase)?.lease;
  const intervalMs = lease?.heartbeatIntervalMs ?? IDLE_HEARTBEAT_MS;
  if (nowMs - session.heartbeatSentMs < intervalMs) return unchanged(session);
  const beat: Effect =
    lease === undefined ? IDLE_HEARTBEAT : { type: "send-heartbeat", lease: lease.key, timeoutMs: intervalMs };
  return { session: { ...session, heartbeatSentMs: nowMs }, effects: [beat] };
}

/** Takes no more trials. A trial in training is given back; one that is past training may finish. */
export function drain(session: Session, nowMs: number): Step {
  const { phase } = session;
  if (phase.name === "stopped" || session.drainEndsMs !== undefined) return unchanged(session);
  const draining: Session = { ...session, drainEndsMs: nowMs + DRAIN_MS };
  if (phase.name === "training") {
    const message = "The trainer was asked to stop.";
    return reportFailure(draining, phase, { kind: "interrupted", message });
  }
  if (leased(phase) !== undefined) return unchanged(draining);
  return preceded(abandonPull(session), nextTrial(draining));
}
