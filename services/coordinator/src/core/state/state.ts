import { isLeased, isOutstanding, type Study, type Trial } from "./study.js";

/** A study in a coordinator's process. */
export interface State {
  /** The durable part: events in the log rebuild it. */
  readonly study: Study;
  readonly transient: Transient;
}

/** The part of a study's state that ends with the process. `recover` rebuilds it. */
export interface Transient {
  /** Monotonic time in milliseconds at which each lease expires, by trial id. */
  readonly deadlines: ReadonlyMap<string, number>;
  /**
   * Monotonic time in milliseconds at which each queued trial's assignment was last published, by
   * trial id.
   */
  readonly publishedAt: ReadonlyMap<string, number>;
  /** Number of trainers that this study may count on, as of the last tick. */
  readonly capacity: number;
  /** True while a request to the oracle is unanswered. */
  readonly suggesting: boolean;
}

/** Returns the transient state of a study before its first tick. */
export function initialTransient(): Transient {
  return { deadlines: new Map(), publishedAt: new Map(), capacity: 0, suggesting: false };
}

/** A step's changes to leases and assignments. */
interface StepChanges {
  /** Trials whose lease was granted or renewed. */
  readonly renewed: readonly string[];
  /** Trials whose assignment the step publishes. */
  readonly published: readonly string[];
  /** New deadline of every lease in `renewed`. */
  readonly expiry: number;
  readonly nowMs: number;
}

/**
 * Sets the times of a step's leases and assignments, and drops those of trials that are no longer
 * leased or queued.
 */
export function transientAfter(transient: Transient, study: Study, changes: StepChanges): Transient {
  const { renewed, published, expiry, nowMs } = changes;
  const leased = study.trials.filter(isLeased).map((trial) => trial.id);
  const queued = study.trials.filter((trial) => trial.state === "queued").map((trial) => trial.id);
  return {
    ...transient,
    deadlines: withTimes(transient.deadlines, { set: renewed, to: expiry, keep: leased }),
    publishedAt: withTimes(transient.publishedAt, { set: published, to: nowMs, keep: queued }),
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
 * Returns the queued trials whose assignment was published at `latestMs` or earlier. Such an
 * assignment may be lost: a trainer accepted it and died, or an outdated coordinator told a
 * trainer that it is void.
 */
export function overdueAssignments(study: Study, { publishedAt }: Transient, latestMs: number): readonly Trial[] {
  return study.trials.filter(
    (trial) => trial.state === "queued" && (publishedAt.get(trial.id) ?? latestMs) <= latestMs,
  );
}

/**
 * Tells whether to ask the oracle for one more trial. The study asks only when a trainer is free,
 * so that every suggestion uses all results so far. Without a trainer it asks for one trial, which
 * then waits for the first trainer.
 */
export function wantsSuggestion(study: Study, transient: Transient): boolean {
  if (study.status !== "active" || study.searchEnded === true || study.oracleExhausted === true) return false;
  return study.trials.length < study.spec.budget.maxTrials && freeCapacity(study, transient) > 0;
}

/** Returns how many more trials may be outstanding at the same time. */
export function freeCapacity(study: Study, { capacity }: Transient): number {
  const { parallelTrials = Math.max(1, capacity) } = study.spec.budget;
  return Math.max(0, parallelTrials - study.trials.filter(isOutstanding).length);
}
