// Times of recovery, computed from logs after a storm.

import { isSettling, type TimedEvent } from "./log-check.js";
import type { Fault } from "./schedule.js";

/** A fault and its wall time, in ms since 1970. */
export interface TimedFault {
  readonly at: number;
  readonly fault: Fault;
}

/** The moment at which a coordinator began to lead, in ms since 1970. */
export interface Leadership {
  readonly at: number;
  readonly coordinator: number;
}

/** Times of recovery in ms, one for each fault that had to be recovered from. */
export interface Figures {
  /** From kill -9 of a trainer with a lease to the return of its trial to the queue. */
  readonly queuedAfterKill: readonly number[];
  /** From kill -9 of a trainer with a lease to the next lease of its trial. */
  readonly leaseAfterKill: readonly number[];
  /** From kill -9 of the leader to the next leadership. */
  readonly takeoverAfterKill: readonly number[];
  /** From SIGSTOP of the leader to the next leadership, where the freeze outlasted it. */
  readonly takeoverAfterFreeze: readonly number[];
}

/** Computes the times of recovery. @param leaderships - in the order of their moments */
export function figuresOf(
  faults: readonly TimedFault[],
  events: readonly TimedEvent[],
  leaderships: readonly Leadership[],
): Figures {
  const of = (role: Fault["role"], kind: Fault["kind"]) =>
    faults.filter(({ fault }) => fault.role === role && fault.kind === kind);
  return {
    queuedAfterKill: of("trainer", "kill").flatMap((fault) => timesAfter(fault, events, "trial-requeued")),
    leaseAfterKill: of("trainer", "kill").flatMap((fault) => timesAfter(fault, events, "lease-granted")),
    takeoverAfterKill: of("coordinator", "kill").flatMap((fault) => takeoverAfter(fault, leaderships)),
    takeoverAfterFreeze: of("coordinator", "freeze").flatMap((fault) =>
      takeoverAfter(fault, leaderships).filter((ms) => ms < fault.fault.lengthMs),
    ),
  };
}

/** Returns the time from the death of a trainer to the next event of a type of its trial. */
function timesAfter(
  { at, fault }: TimedFault,
  events: readonly TimedEvent[],
  type: "trial-requeued" | "lease-granted",
): readonly number[] {
  const held = heldTrials(
    `trainer-${fault.index}-`,
    events.filter((entry) => entry.at <= at),
  );
  return held.flatMap((trialId) => {
    const next = events.find(({ at: then, event }) => then > at && event.type === type && event.trialId === trialId);
    return next === undefined ? [] : [next.at - at];
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
