// Time limits and heartbeats; the drain before the end of the process, and the orders of persons,
// after which the process goes on.

import type { Effect } from "../boundary/effect.js";
import type { InputOf } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import { type Leased, leased } from "../state/phase.js";
import type { State } from "../state/state.js";
import { saveLast } from "./checkpoint.js";
import { GIVE_BACK_DELAY_MS, idleHeartbeatMs } from "./lease-request.js";
import { trainOn } from "./report.js";
import { saveIfDue } from "./saving.js";
import {
  abandonPull,
  endAttempt,
  IDLE_HEARTBEAT,
  nextTrial,
  preceded,
  reportHandBack,
  unchanged,
} from "./transition.js";

/**
 * Limit of the time since the last renewal for which a trainer keeps a lease that no coordinator
 * can renew, because their store is away. Far above a restart of NATS and the election of its
 * leader. It bounds the doubled work if another coordinator, which this trainer does not reach,
 * has a store: the results of one trainer are then refused.
 */
export const UNCONFIRMED_MAX_MS = 300_000;

/**
 * Delay after a lost heartbeat until the next one. A trainer thus finds a new leader about a second
 * after the leader answers, and has time for it within a lease that was renewed in time.
 */
export const HEARTBEAT_RETRY_MS = 1_000;

/**
 * Upper limit of the time for the answer to a heartbeat. A coordinator that is frozen costs a lease
 * this time, in which another coordinator already leads.
 */
export const HEARTBEAT_WAIT_MAX_MS = 5_000;

/**
 * Part of the drain's time limit that the last checkpoint, or the answer to a lease request, may
 * use. The return of the trial gets the rest.
 */
export const LEAVE_PART = 0.8;

/**
 * Enforces the first time limit that has passed: of the lease request, the drain, the lease, the
 * last checkpoint or the rest. If none has passed, sends a heartbeat, resumes training after a
 * report without an answer, and begins a checkpoint, each if it is due.
 */
export function tick(state: State, nowMs: number): Step {
  const { phase, drainEndsMs } = state;
  if (phase.name === "stopped") return unchanged(state);
  if (phase.name === "leasing" && nowMs >= phase.giveUpAtMs) {
    return preceded(abandonPull(state, GIVE_BACK_DELAY_MS), nextTrial(state));
  }
  if (drainEndsMs !== undefined && nowMs >= drainEndsMs) return endAttempt(state, "unreported", nowMs);
  const held = leased(phase);
  if (held !== undefined && nowMs >= leaseEndMs(held, state)) return endAttempt(state, "fenced", nowMs);
  if (phase.name === "leaving" && nowMs >= phase.giveUpAtMs) return reportHandBack(state, phase, phase.failure);
  if (phase.name === "resting" && nowMs >= phase.untilMs) return nextTrial(state);
  const sent = heartbeatIfDue(state, nowMs);
  const trained = trainOn(sent.state, nowMs);
  return preceded([...sent.effects, ...trained.effects], saveIfDue(trained.state, nowMs));
}

/**
 * Returns the time at which the trainer takes its lease for lost: the time to live after the last
 * renewal. While coordinators answer that their store is away, the time to live counts from their
 * last such answer, up to a limit.
 */
function leaseEndMs({ lease, renewedMs }: Leased, { unconfirmedMs = 0 }: State): number {
  const { ttlMs } = lease;
  if (unconfirmedMs <= renewedMs) return renewedMs + ttlMs;
  return Math.min(unconfirmedMs + ttlMs, Math.max(renewedMs + ttlMs, renewedMs + UNCONFIRMED_MAX_MS));
}

function heartbeatIfDue(state: State, nowMs: number): Step {
  const lease = leased(state.phase)?.lease;
  const intervalMs = lease?.heartbeatIntervalMs ?? idleHeartbeatMs(state);
  const delayMs = state.isHeartbeatLost === true ? Math.min(intervalMs, HEARTBEAT_RETRY_MS) : intervalMs;
  if (nowMs - state.heartbeatSentMs < delayMs) return unchanged(state);
  const timeoutMs = Math.min(intervalMs, HEARTBEAT_WAIT_MAX_MS);
  const heartbeat: Effect =
    lease === undefined ? IDLE_HEARTBEAT : { type: "send-heartbeat", lease: lease.key, timeoutMs };
  return { state: { ...state, heartbeatSentMs: nowMs, isHeartbeatLost: false }, effects: [heartbeat] };
}

/**
 * Drains the trainer. A trial in training is saved and returned to the queue, and so is one whose
 * lease is granted only now. A trial that is past training may finish. The trainer stops at the
 * drain's time limit, or when its lease ends.
 */
export function drain(state: State, input: InputOf<"drain">, nowMs: number): Step {
  const { phase } = state;
  if (phase.name === "stopped" || state.drainEndsMs !== undefined) return unchanged(state);
  const draining: State = { ...state, drainEndsMs: nowMs + state.drainMs };
  const message = input.reason ?? "The trainer was asked to stop.";
  if (leased(phase) !== undefined) return handBack(draining, message, nowMs);
  if (phase.name === "leasing") {
    const giveUpAtMs = Math.min(phase.giveUpAtMs, nowMs + LEAVE_PART * state.drainMs);
    return unchanged({ ...draining, phase: { ...phase, giveUpAtMs, failure: { kind: "preempted", message } } });
  }
  return preceded(abandonPull(state), nextTrial(draining));
}

/**
 * Follows the order of a person, which the answer to each heartbeat repeats. A cordoned trainer
 * takes no assignment; one that is to drain hands back its trial too. Without an order it takes
 * assignments again.
 */
export function orderReceived(before: State, { order }: InputOf<"order-received">, nowMs: number): Step {
  const { order: _former, ...unordered } = before;
  if (order === "none") {
    return before.phase.name === "cordoned" ? nextTrial(unordered) : unchanged(unordered);
  }
  const state: State = { ...unordered, order };
  if (order === "drain" && leased(state.phase)) return handBack(state, "A person drains the trainer.", nowMs);
  return state.phase.name === "idle" ? preceded(abandonPull(before), nextTrial(state)) : unchanged(state);
}

/** Returns a trial in training to the coordinator after a last checkpoint. */
export function handBack(state: State, message: string, nowMs: number): Step {
  const { phase } = state;
  const failure = { kind: "preempted", message } as const;
  if (phase.name === "restoring") return reportHandBack(state, phase, failure);
  if (phase.name !== "training") return unchanged(state);
  const leaving = { ...phase, name: "leaving", failure, giveUpAtMs: nowMs + LEAVE_PART * state.drainMs } as const;
  return saveLast({ ...state, phase: leaving }, nowMs);
}
