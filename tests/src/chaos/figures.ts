// Times of recovery, computed from logs after a storm.

import { type Leadership, type LeaderTrace, timeWithoutLeader } from "./leaders/without-leader.js";
import { isSettling, type TimedEvent } from "./log-check.js";
import type { Fault } from "./schedule.js";

/** A fault and its wall time, in ms since 1970. */
export interface TimedFault {
  readonly at: number;
  readonly fault: Fault;
}

/** Times of recovery in ms, one for each fault that had to be recovered from. */
export interface Figures {
  /** From kill -9 of a trainer with a lease to the return of its trial to the queue. */
  readonly queuedAfterKill: readonly number[];
  /** The same, beyond the time to live of leases and the time without a leader. */
  readonly queuedBeyondBound: readonly number[];
  /** From kill -9 of a trainer with a lease to the next lease of its trial. */
  readonly leaseAfterKill: readonly number[];
  /** From kill -9 of the leader to the next leadership. */
  readonly takeoverAfterKill: readonly number[];
  /** From SIGSTOP of the leader to the next leadership, where the freeze outlasted it. */
  readonly takeoverAfterFreeze: readonly number[];
}

/** What the times of recovery are computed from. */
export interface StormRecord {
  readonly faults: readonly TimedFault[];
  readonly events: readonly TimedEvent[];
  readonly trace: LeaderTrace;
  readonly leaseTtlMs: number;
}

/** Time that a requeued trial may take beyond the time to live and the time without a leader. */
export const REQUEUE_SLACK_MS = 2_000;

/** Computes the times of recovery. */
export function figuresOf({ faults, events, trace, leaseTtlMs }: StormRecord): Figures {
  const { leaderships } = trace;
  const of = (role: Fault["role"], kind: Fault["kind"]) =>
    faults.filter(({ fault }) => fault.role === role && fault.kind === kind);
  const after = (type: "trial-requeued" | "lease-granted") =>
    of("trainer", "kill").flatMap((fault) => recoveriesAfter(fault, events, type));
  const lengths = (recoveries: readonly Recovery[]) => recoveries.map(({ from, to }) => to - from);
  const queued = after("trial-requeued");
  return {
    queuedAfterKill: lengths(queued),
    queuedBeyondBound: queued.map(({ from, to }) => to - from - leaseTtlMs - timeWithoutLeader(trace, from, to)),
    leaseAfterKill: lengths(after("lease-granted")),
    takeoverAfterKill: of("coordinator", "kill").flatMap((fault) => takeoverAfter(fault, leaderships)),
    takeoverAfterFreeze: of("coordinator", "freeze").flatMap((fault) =>
      takeoverAfter(fault, leaderships).filter((ms) => ms < fault.fault.lengthMs),
    ),
  };
}

/** The time from a fault to what mended it. */
interface Recovery {
  readonly from: number;
  readonly to: number;
}

/** Returns the times from a trainer's death to the next event of a type of each of its trials. */
function recoveriesAfter(
  { at, fault }: TimedFault,
  events: readonly TimedEvent[],
  type: "trial-requeued" | "lease-granted",
): readonly Recovery[] {
  const held = heldTrials(
    `trainer-${fault.index}-`,
    events.filter((entry) => entry.at <= at),
  );
  return held.flatMap((trialId) => {
    const next = events.find(({ at: then, event }) => then > at && event.type === type && event.trialId === trialId);
    return next === undefined ? [] : [{ from: at, to: next.at }];
  });
}

/** Returns the trials that a trainer holds after these events. */
function heldTrials(trainerPrefix: string, events: readonly TimedEvent[]): readonly string[] {
  const holders = new Map<string, string>();
  for (const { event } of events) {
    if (event.type === "lease-granted") holders.set(event.trialId, event.trainerId);
    else if (event.type === "trial-requeued" || (isSettling(event) && "trialId" in event))
      holders.delete(event.trialId);
  }
  return [...holders].flatMap(([trialId, trainerId]) => (trainerId.startsWith(trainerPrefix) ? [trialId] : []));
}

function takeoverAfter({ at, fault }: TimedFault, leaderships: readonly Leadership[]): readonly number[] {
  const leader = leaderships.findLast((entry) => entry.at <= at);
  const next = leaderships.find((entry) => entry.at > at);
  return leader?.coordinator === fault.index && next !== undefined ? [next.at - at] : [];
}

/** Describes times in seconds: their number, median and maximum. */
export function describeTimes(times: readonly number[]): string {
  if (times.length === 0) return "none";
  const sorted = times.toSorted((a, b) => a - b);
  const seconds = (ms = 0): string => `${(ms / 1_000).toFixed(1)} s`;
  return `${times.length}, median ${seconds(sorted[sorted.length >> 1])}, longest ${seconds(sorted.at(-1))}`;
}

/** Lists the trials that returned to the queue later than promised. */
export function lateRequeues({ queuedAfterKill, queuedBeyondBound }: Figures): readonly string[] {
  const seconds = (ms = 0): string => (ms / 1_000).toFixed(1);
  return queuedBeyondBound.flatMap((beyondMs, index) =>
    beyondMs <= REQUEUE_SLACK_MS
      ? []
      : [
          `a trial was queued again ${seconds(queuedAfterKill[index])} s after kill -9 of its trainer, ` +
            `${seconds(beyondMs)} s beyond its lease time and the time without a leader`,
        ],
  );
}
