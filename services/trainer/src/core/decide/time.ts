// What the passing of time and the wish to end lead to.
import type { Effect } from "../boundary/effect.js";
import { leased, type Session } from "../state/state.js";
import { saveIfDue, saveLast } from "./checkpoint.js";
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

/** How much of that the last checkpoint may take. */
export const LEAVE_MS = 4_000;

/** Does the first that is due: end the drain, fence, give up on a checkpoint or a lease; send a heartbeat, save a checkpoint. */
export function tick(session: Session, nowMs: number): Step {
  const { phase, drainEndsMs } = session;
  if (phase.name === "stopped") return unchanged(session);
  if (drainEndsMs !== undefined && nowMs >= drainEndsMs) return endAttempt(session, "unreported", nowMs);
  const held = leased(phase);
  if (held !== undefined && nowMs - held.renewedMs >= held.lease.ttlMs) return endAttempt(session, "fenced", nowMs);
  if (phase.name === "leaving" && nowMs >= phase.giveUpAtMs) return reportFailure(session, phase, phase.failure);
  if (phase.name === "leasing" && nowMs >= phase.giveUpAtMs) {
    return preceded(abandonPull(session, GIVE_BACK_DELAY_MS), nextTrial(session));
  }
  const beat = heartbeatIfDue(session, nowMs);
  return preceded(beat.effects, saveIfDue(beat.session, nowMs));
}

function heartbeatIfDue(session: Session, nowMs: number): Step {
  const lease = leased(session.phase)?.lease;
  const intervalMs = lease?.heartbeatIntervalMs ?? IDLE_HEARTBEAT_MS;
  if (nowMs - session.heartbeatSentMs < intervalMs) return unchanged(session);
  const beat: Effect =
    lease === undefined ? IDLE_HEARTBEAT : { type: "send-heartbeat", lease: lease.key, timeoutMs: intervalMs };
  return { session: { ...session, heartbeatSentMs: nowMs }, effects: [beat] };
}

/** Takes no more trials. A trial in training is saved and given back; one that is past training may finish. */
export function drain(session: Session, nowMs: number): Step {
  const { phase } = session;
  if (phase.name === "stopped" || session.drainEndsMs !== undefined) return unchanged(session);
  const draining: Session = { ...session, drainEndsMs: nowMs + DRAIN_MS };
  const failure = { kind: "interrupted", message: "The trainer was asked to stop." } as const;
  if (phase.name === "restoring") return reportFailure(draining, phase, failure);
  if (phase.name === "training") {
    const leaving = { ...phase, name: "leaving", failure, giveUpAtMs: nowMs + LEAVE_MS } as const;
    return saveLast({ ...draining, phase: leaving }, nowMs);
  }
  if (leased(phase) !== undefined) return unchanged(draining);
  return preceded(abandonPull(session), nextTrial(draining));
}
