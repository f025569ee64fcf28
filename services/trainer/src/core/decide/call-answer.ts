// The coordinator's answers to calls under a lease.

import type { CallName, InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import { type Leased, leased, type PhaseName } from "../state/phase.js";
import type { State } from "../state/state.js";
import { uploadEnded } from "./checkpoint.js";
import { reportAnswered } from "./report.js";
import { trialResumed } from "./restoring.js";
import { handBack } from "./time.js";
import { endAttempt, preceded, releaseEngine, reportFailure, unchanged } from "./transition.js";

/**
 * The phases in which the trainer awaits the answer to each call. It sends heartbeats in all
 * phases.
 */
const PHASES_OF_CALL: Readonly<Record<Exclude<CallName, "heartbeat">, readonly PhaseName[]>> = {
  "resume-trial": ["restoring"],
  "report-epoch": ["training", "leaving", "reporting"],
  "save-checkpoint": ["training", "leaving", "reporting"],
  "upload-weights": ["uploading"],
  "complete-trial": ["completing"],
  "fail-trial": ["failing"],
};

/** Most uploads of a trial's weights. A disk that loses them each time is broken. */
const UPLOADS_MAX = 3;

/** Follows a directive of the coordinator. */
export function directiveReceived(state: State, input: InputOf<"directive-received">, nowMs: number): Step {
  const held = holder(state, input.token, input.call);
  if (held === undefined) return unchanged(state);
  switch (input.directive) {
    case "continue":
      return proceed(state, held, input, nowMs);
    case "lease-lost":
      return endAttempt(state, "lease-lost", nowMs);
    case "pause":
      return pause(state, held, input, nowMs);
    case "stop":
      return isOwnEnd(state, input.call) ? unchanged(state) : endAttempt(state, "stopped", nowMs);
  }
}

/**
 * Tells whether a heartbeat was answered "stop" because the coordinator had received this
 * trainer's report of the end. The answer to the report says more.
 */
function isOwnEnd({ phase }: State, call: CallName): boolean {
  return call === "heartbeat" && (phase.name === "completing" || phase.name === "failing");
}

/**
 * Hands the trial back, which waits at a rung of the pruner. Proceeds first: the call has its
 * answer, and what waits for it is part of the checkpoint.
 */
function pause(state: State, held: Leased, input: InputOf<"directive-received">, nowMs: number): Step {
  const proceeded = proceed(state, held, input, nowMs);
  return preceded(proceeded.effects, handBack(proceeded.state, "The trial waits at a rung of the pruner.", nowMs));
}

/**
 * Proceeds after the directive "continue". Only heartbeats and epoch reports renew the lease at
 * the coordinator.
 */
function proceed(state: State, held: Leased, input: InputOf<"directive-received">, nowMs: number): Step {
  switch (input.call) {
    case "heartbeat":
      return unchanged(renewed(state, input.sentMs));
    case "resume-trial":
      return trialResumed(state, nowMs);
    case "report-epoch":
      return reportAnswered(renewed(state, input.sentMs), nowMs);
    case "save-checkpoint":
      return uploadEnded(state, nowMs);
    case "upload-weights":
      return complete(state, held);
    case "complete-trial":
      return endAttempt(state, "completed", nowMs);
    case "fail-trial":
      return endAttempt(state, "failed", nowMs);
  }
}

function renewed(state: State, sentMs: number): State {
  const { phase } = state;
  if (!("lease" in phase)) return state;
  return { ...state, phase: { ...phase, renewedMs: Math.max(phase.renewedMs, sentMs) } };
}

/** Keeps the lease for some time while no coordinator can renew or end it. */
export function leaseUnconfirmed(state: State, { token, sentMs }: InputOf<"lease-unconfirmed">): Step {
  if (holder(state, token, "heartbeat") === undefined) return unchanged(state);
  return unchanged({ ...state, unconfirmedMs: sentMs });
}

function complete(state: State, { lease, renewedMs }: Leased): Step {
  if (state.phase.name !== "uploading") return unchanged(state);
  const { weights, uploads } = state.phase;
  return {
    state: { ...state, phase: { name: "completing", lease, renewedMs, weights, uploads } },
    effects: [{ type: "complete-trial", lease: lease.key, weights }],
  };
}

/**
 * Ends the attempt after a call that the coordinator will never accept, except for heartbeats and
 * checkpoints.
 */
export function callRejected(state: State, input: InputOf<"call-rejected">, nowMs: number): Step {
  const { call, token, message } = input;
  const held = holder(state, token, call);
  // Ignored: a rejected heartbeat does not renew the lease, which then expires by itself.
  if (held === undefined || call === "heartbeat") return unchanged(state);
  if (call === "fail-trial") return endAttempt(state, "unreported", nowMs);
  if (call === "save-checkpoint") return uploadEnded(state, nowMs);
  const repeated = uploadAgain(state, input);
  if (repeated !== undefined) return repeated;
  const released = releaseEngine(state);
  const failure = { kind: "error", message: `The coordinator rejected ${call}: ${message}` } as const;
  return preceded(released.effects, reportFailure(released.state, held, failure));
}

/**
 * Uploads weights once more that the coordinator had stored and has lost, for example with the
 * disk of its former host.
 *
 * @returns undefined if the rejection has another reason, or the weights were lost too often
 */
function uploadAgain(state: State, { call, code }: InputOf<"call-rejected">): Step | undefined {
  const { phase } = state;
  if (phase.name !== "completing" || call !== "complete-trial" || code !== "not-found") return undefined;
  if (phase.uploads >= UPLOADS_MAX) return undefined;
  const { lease, renewedMs, weights, uploads } = phase;
  return {
    state: { ...state, phase: { name: "uploading", lease, renewedMs, weights, uploads: uploads + 1 } },
    effects: [{ type: "upload-weights", lease: lease.key, weights }],
  };
}

/** Returns the trainer's lease if the call was made under it and the trainer awaits the answer. */
function holder({ phase }: State, token: number, call: CallName): Leased | undefined {
  const held = leased(phase);
  if (held?.lease.key.token !== token) return undefined;
  return call === "heartbeat" || PHASES_OF_CALL[call].includes(phase.name) ? held : undefined;
}
