import { findTrial, isLeased, leasableTrials, type Study, type Trial } from "./study.js";
import { findSetAside, usableTrainers } from "./trainers.js";

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
  /** Monotonic time in milliseconds at which the study readmits each trainer, by trainer id. */
  readonly readmitAt: ReadonlyMap<string, number>;
  /** Number of trainers that this study may count on, as of the last tick. */
  readonly capacity: number;
  /** Ids of all live trainers, as of the last tick. */
  readonly trainerIds: readonly string[];
  /** The test split as of its last check. No trial starts before the split can be read. */
  readonly testData: "unchecked" | "readable" | { readonly fault: string };
  /**
   * Wall time at which this process resumed the study, in milliseconds since 1970; absent once an
   * event has recorded it.
   */
  readonly resumedAt?: number;
  /** True while a request to the oracle is unanswered. */
  readonly suggesting: boolean;
}

/** Returns the transient state of a study before its first tick. */
export function initialTransient(): Transient {
  return {
    deadlines: new Map(),
    publishedAt: new Map(),
    readmitAt: new Map(),
    capacity: 0,
    trainerIds: [],
    testData: "unchecked",
    suggesting: false,
  };
}

/** A step's changes to leases and assignments. */
interface StepChanges {
  /** Trials whose lease was granted or renewed. */
  readonly renewed: readonly string[];
  /** Trials whose assignment the step publishes. */
  readonly published: readonly string[];
  /** New deadline of every lease in `renewed`. */
  readonly expiry: number;
  /** Trainers that the step sets aside. */
  readonly setAside: readonly string[];
  /** Time at which the study readmits every trainer in `setAside`. */
  readonly readmission: number;
  readonly nowMs: number;
}

/**
 * Sets the times of a step's leases and assignments, and drops those of trials that are no longer
 * leased or queued.
 */
export function transientAfter(transient: Transient, study: Study, changes: StepChanges): Transient {
  const { renewed, published, expiry, nowMs, setAside, readmission } = changes;
  const hasState = (isWanted: (trial: Trial) => boolean) => (id: string) => {
    const trial = findTrial(study, id);
    return trial !== undefined && isWanted(trial);
  };
  const isAside = (id: string): boolean => findSetAside(study, id) !== undefined;
  const isQueued = hasState(({ state }) => state === "queued");
  return {
    ...transient,
    deadlines: withTimes(transient.deadlines, { set: renewed, to: expiry, isKept: hasState(isLeased) }),
    publishedAt: withTimes(transient.publishedAt, { set: published, to: nowMs, isKept: isQueued }),
    readmitAt: withTimes(transient.readmitAt, { set: setAside, to: readmission, isKept: isAside }),
  };
}

/** Returns the times after a step; the same map if nothing changes. */
function withTimes(
  times: ReadonlyMap<string, number>,
  { set, to, isKept }: { set: readonly string[]; to: number; isKept: (id: string) => boolean },
): ReadonlyMap<string, number> {
  const isComplete = [...times.keys()].every(isKept);
  const added = set.filter(isKept);
  if (isComplete && added.length === 0) return times;
  const next = new Map(times);
  if (!isComplete) for (const id of times.keys()) if (!isKept(id)) next.delete(id);
  for (const id of added) next.set(id, to);
  return next;
}

/**
 * Returns the queued trials whose assignment was published at `latestMs` or earlier. Such an
 * assignment may be lost: a trainer accepted it and died, or an outdated coordinator told a
 * trainer that it is void.
 */
export function overdueAssignments(study: Study, { publishedAt }: Transient, latestMs: number): readonly Trial[] {
  return leasableTrials(study).filter(
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
  if (transient.testData !== "readable") return false;
  return study.trials.length < study.spec.budget.maxTrials && freeCapacity(study, transient) > 0;
}

/** Returns how many more trials may be outstanding at the same time. */
export function freeCapacity(study: Study, { capacity, trainerIds }: Transient): number {
  const usable = Math.min(capacity, usableTrainers(study, trainerIds).length);
  const { parallelTrials = Math.max(1, usable) } = study.spec.budget;
  return Math.max(0, parallelTrials - study.outstandingCount);
}
