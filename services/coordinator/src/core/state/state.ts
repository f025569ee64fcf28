import { Times } from "../collection/times.js";
import type { UnfitTrainers } from "../resources/fit.js";
import { findTrial, isLeased, leasableTrials, type Study, type Trial } from "./study.js";
import { findSetAside } from "./trainers.js";

/** A study in a coordinator's process. */
export interface State {
  /** The durable part: events in the log rebuild it. */
  readonly study: Study;
  readonly transient: Transient;
}

/** The part of a study's state that ends with the process. `recover` rebuilds it. */
export interface Transient {
  /** Monotonic time in milliseconds at which each lease expires, by trial id. */
  readonly deadlines: Times;
  /**
   * Monotonic time in milliseconds at which each queued trial's assignment was last published, by
   * trial id.
   */
  readonly publishedAt: Times;
  /** Monotonic time in milliseconds at which the study readmits each trainer, by trainer id. */
  readonly readmitAt: ReadonlyMap<string, number>;
  /** Number of trainers that this study may count on, as of the last tick. */
  readonly capacity: number;
  /**
   * Ids of the live trainers that have the study's resources and are not cordoned, as of the last
   * tick.
   */
  readonly trainerIds: readonly string[];
  /**
   * Ids of the live trainers that have the study's resources and that a person has cordoned, as of
   * the last tick.
   */
  readonly cordonedTrainerIds: readonly string[];
  /** Ids of those of `trainerIds` that hold a lease of any study, as of the last tick. */
  readonly busyTrainerIds: readonly string[];
  /** The live trainers that lack resources of the study, as of the last tick. */
  readonly unfitTrainers: UnfitTrainers;
  /**
   * The store of what trials leave, as of the last tick. No new trial starts unless it is writable.
   */
  readonly storage: "unchecked" | "writable" | { readonly fault: string };
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
    deadlines: Times.of([]),
    publishedAt: Times.of([]),
    readmitAt: new Map(),
    capacity: 0,
    trainerIds: [],
    cordonedTrainerIds: [],
    busyTrainerIds: [],
    unfitTrainers: { count: 0, offers: [] },
    storage: "unchecked",
    testData: "unchecked",
    suggesting: false,
  };
}

/** A step's changes to leases, assignments and trainers. */
interface StepChanges {
  /** Trials that the events of the step name. */
  readonly changed: readonly string[];
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
 * leased or queued. Looks only at the trials of the step: its duration does not depend on the
 * number of leases.
 */
export function transientAfter(transient: Transient, study: Study, changes: StepChanges): Transient {
  const { changed, renewed, published, expiry, nowMs } = changes;
  const isInState = (isWanted: (trial: Trial) => boolean) => (id: string) => {
    const trial = findTrial(study, id);
    return trial !== undefined && isWanted(trial);
  };
  const isHeld = isInState(isLeased);
  const isQueued = isInState(({ state }) => state === "queued");
  return {
    ...transient,
    deadlines: timesAfter(transient.deadlines, { changed, set: renewed, to: expiry, isKept: isHeld }),
    publishedAt: timesAfter(transient.publishedAt, { changed, set: published, to: nowMs, isKept: isQueued }),
    readmitAt: readmissionsAfter(transient.readmitAt, study, changes),
  };
}

/**
 * Adds later renewals of leases, which came while the step was being stored.
 *
 * @param renewals - deadlines by trial id; those of trials without a lease do not count
 */
export function withRenewals(transient: Transient, renewals: ReadonlyMap<string, number>): Transient {
  if (renewals.size === 0) return transient;
  let { deadlines } = transient;
  for (const [trialId, renewed] of renewals) {
    const deadline = deadlines.get(trialId);
    if (deadline !== undefined && deadline < renewed) deadlines = deadlines.with(trialId, renewed);
  }
  return { ...transient, deadlines };
}

interface TimeChanges {
  readonly changed: readonly string[];
  readonly set: readonly string[];
  readonly to: number;
  readonly isKept: (id: string) => boolean;
}

/** Returns the times after a step; the same map if nothing changes. */
function timesAfter(times: Times, { changed, set, to, isKept }: TimeChanges): Times {
  const kept = changed.reduce((left, id) => (isKept(id) ? left : left.without(id)), times);
  return set.filter(isKept).reduce((all, id) => all.with(id, to), kept);
}

/** Returns the readmissions of the trainers that the study still sets aside, at most 100. */
function readmissionsAfter(
  readmitAt: Transient["readmitAt"],
  study: Study,
  { setAside, readmission }: StepChanges,
): Transient["readmitAt"] {
  const isAside = ([id]: readonly [string, number]): boolean => findSetAside(study, id) !== undefined;
  if (setAside.length === 0 && [...readmitAt].every(isAside)) return readmitAt;
  const added = setAside.map((id) => [id, readmission] as const);
  return new Map([...readmitAt, ...added].filter(isAside));
}

/**
 * Returns the queued trials whose assignment was published at `latestMs` or earlier; none of a
 * paused study. Such an assignment may be lost: a trainer accepted it and died, or an outdated
 * coordinator told a trainer that it is void.
 */
export function overdueAssignments(study: Study, { publishedAt }: Transient, latestMs: number): readonly Trial[] {
  if (study.pause !== undefined) return [];
  return leasableTrials(study).filter(
    (trial) => trial.state === "queued" && (publishedAt.get(trial.id) ?? latestMs) <= latestMs,
  );
}
