import { isLeased, isOutstanding, type Study, type Trial } from "./study.js";

/** What a coordinator knows of a study only while it runs; lost and rebuilt at every start. */
export interface Transient {
  /** By leased trial, the monotonic time in milliseconds at which its lease ends. */
  readonly deadlines: ReadonlyMap<string, number>;
  /** By queued trial, the monotonic time in milliseconds at which its assignment was last put on the queue. */
  readonly offeredAt: ReadonlyMap<string, number>;
  /** Trainers that this study may count on, as of the last tick. */
  readonly capacity: number;
  /** Whether the oracle has been asked and has not answered. */
  readonly suggesting: boolean;
}

export function initialTransient(): Transient {
  return { deadlines: new Map(), offeredAt: new Map(), capacity: 0, suggesting: false };
}

/** What a step did to leases and assignments. */
export interface StepTraces {
  /** Trials whose lease was granted or renewed. */
  readonly renewed: readonly string[];
  /** Trials whose assignment is being put on the queue. */
  readonly offered: readonly string[];
  /** Deadline of every lease granted or renewed now. */
  readonly expiry: number;
  readonly nowMs: number;
}

/** The clocks after a step: leases and offers of this step are set, those that have ended are forgotten. */
export function transientAfter(transient: Transient, study: Study, traces: StepTraces): Transient {
  const { renewed, offered, expiry, nowMs } = traces;
  const leased = study.trials.filter(isLeased).map((trial) => trial.id);
  const queued = study.trials.filter((trial) => trial.state === "queued").map((trial) => trial.id);
  return {
    ...transient,
    deadlines: withTimes(transient.deadlines, { set: renewed, to: expiry, keep: leased }),
    offeredAt: withTimes(transient.offeredAt, { set: offered, to: nowMs, keep: queued }),
  };
}

function withTimes(
  times: ReadonlyMap<string, number>,
  { set, to, keep }: { set: readonly string[]; to: number; keep: readonly string[] },
): ReadonlyMap<string, number> {
  return new Map(
    keep.flatMap((trialId): [string, number][] => {
      const time = set.includes(trialId) ? to : times.get(trialId);
      return time === undefined ? [] : [[trialId, time]];
    }),
  );
}

/**
 * Queued trials whose assignment has waited so long that it may have been lost: a trainer may have taken it and died, or
 * have been told by a coordinator that had been replaced that it is void.
 */
export function overdueOffers(study: Study, { offeredAt }: Transient, latestMs: number): readonly Trial[] {
  return study.trials.filter((trial) => trial.state === "queued" && (offeredAt.get(trial.id) ?? latestMs) <= latestMs);
}

/**
 * Whether the oracle should be asked for one more trial. A trial is proposed only when a trainer can take it, so that
 * every suggestion knows all results there are; at least one waits for the first trainer to come.
 */
export function wantsSuggestion(study: Study, transient: Transient): boolean {
  if (study.status !== "active" || study.searchEnded === true || study.oracleExhausted === true) return false;
  return study.trials.length < study.spec.budget.maxTrials && freePlaces(study, transient) > 0;
}

/** Trials that may be outstanding beside those that are. */
export function freePlaces(study: Study, { capacity }: Transient): number {
  const { parallelTrials = Math.max(1, capacity) } = study.spec.budget;
  return Math.max(0, parallelTrials - study.trials.filter(isOutstanding).length);
}
