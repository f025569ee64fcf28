// What the coordinator says to calls under a lease.
import type { CallName, Input } from "../boundary/input.js";
import { type Leased, leased, type PhaseName, type Session } from "../state/state.js";
import { epochReported, saveIfDue, saveLast, savingEnded } from "./checkpoint.js";
import { trialResumed } from "./restoring.js";
import { reportFailure } from "./training.js";
import { endAttempt, preceded, releaseEngine, type Step, unchanged } from "./transition.js";

type Of<T extends Input["type"]> = Extract<Input, { type: T }>;

/** The phases in which the answer to each call is awaited; a heartbeat goes out in all. */
const PHASES_OF_CALL: Readonly<Record<Exclude<CallName, "heartbeat">, readonly PhaseName[]>> = {
  "resume-trial": ["restoring"],
  "report-epoch": ["training", "leaving"],
  "save-checkpoint": ["training", "leaving"],
  "upload-weights": ["uploading"],
  "complete-trial": ["completing"],
  "fail-trial": ["failing"],
};

export function directiveReceived(session: Session, input: Of<"directive-received">, nowMs: number): Step {
  const held = holder(session, input.token, input.call);
  if (held === undefined) return unchanged(session);
  switch (input.directive) {
    case "continue":
      return proceed(session, held, input, nowMs);
    case "lease-lost":
      return endAttempt(session, "lease-lost", nowMs);
    case "stop":
      return isOwnEnd(session, input.call) ? unchanged(session) : endAttempt(session, "stopped", nowMs);
  }
}

/** A heartbeat that crosses our own report of the end is told to stop because of it. That report's answer says more. */
function isOwnEnd({ phase }: Session, call: CallName): boolean {
  return call === "heartbeat" && (phase.name === "completing" || phase.name === "failing");
}

/** Only heartbeats and epoch reports renew a lease at the coordinator. */
function proceed(session: Session, held: Leased, input: Of<"directive-received">, nowMs: number): Step {
  switch (input.call) {
    case "heartbeat":
      return unchanged(renewed(session, input.sentMs));
    case "resume-trial":
      return trialResumed(session, nowMs);
    case "report-epoch":
      return goOn(renewed(session, input.sentMs), nowMs);
    case "save-checkpoint":
      return savingEnded(session, nowMs);
    case "upload-weights":
      return complete(session, held);
    case "complete-trial":
      return endAttempt(session, "completed", nowMs);
    case "fail-trial":
      return endAttempt(session, "failed", nowMs);
  }
}

/**
 * A checkpoint that is due now covers the epoch just taken: the training process gets to know of both in this order. To a
 * trainer that drains this happens once at most, since it reports no more.
 */
function goOn(session: Session, nowMs: number): Step {
  const reported = epochReported(session);
  const saved = session.phase.name === "leaving" ? saveLast(reported, nowMs) : saveIfDue(reported, nowMs);
  return preceded([{ type: "resume-training" }], saved);
}

function renewed(session: Session, sentMs: number): Session {
  const { phase } = session;
  if (!("lease" in phase)) return session;
  return { ...session, phase: { ...phase, renewedMs: Math.max(phase.renewedMs, sentMs) } };
}

function complete(session: Session, { lease, renewedMs }: Leased): Step {
  if (session.phase.name !== "uploading") return unchanged(session);
  const { weights } = session.phase;
  return {
    session: { ...session, phase: { name: "completing", lease, renewedMs, weights } },
    effects: [{ type: "complete-trial", lease: lease.key, weights }],
  };
}

export function callRejected(session: Session, { call, token, message }: Of<"call-rejected">, nowMs: number): Step {
  const held = holder(session, token, call);
  // A rejected heartbeat renews nothing: the lease ends by itself if the next ones fare no better.
  if (held === undefined || call === "heartbeat") return unchanged(session);
  if (call === "fail-trial") return endAttempt(session, "unreported", nowMs);
  if (call === "save-checkpoint") return savingEnded(session, nowMs);
  const released = releaseEngine(session);
  const failure = { kind: "error", message: `The coordinator rejected ${call}: ${message}` } as const;
  return preceded(released.effects, reportFailure(released.session, held, failure));
}

/** The lease held, if the call was made under it and its answer is awaited. */
function holder({ phase }: Session, token: number, call: CallName): Leased | undefined {
  const held = leased(phase);
  if (held?.lease.key.token !== token) return undefined;
  return call === "heartbeat" || PHASES_OF_CALL[call].includes(phase.name) ? held : undefined;
}
