import type { StudyEvent } from "./study/event.js";
import { isLeased, isOutstanding, type Study } from "./study/study.js";

/** What a coordinator knows of a study only while it runs; lost and rebuilt at every start. */
export interface Transient {
  /** By leased trial, the monotonic time in milliseconds at which its lease ends. */
  readonly deadlines: ReadonlyMap<string, number>;
  /** Trainers that this study may count on, as of the last tick. */
  readonly capacity: number;
  /** Whether the oracle has been asked and has not answered. */
  readonly suggesting: boolean;
}

export function initialTransient(): Transient {
  return { deadlines: new Map(), capacity: 0, suggesting: false };
}

export interface Renewals {
  readonly events: readonly StudyEvent[];
  /** Trials whose lease was renewed without an event. */
  readonly renewed: readonly string[];
  /** Deadline of every lease granted or renewed now. */
  readonly expiry: number;
}

/** The deadlines after a step: new and renewed leases get `expiry`, leases that ended are forgotten. */
export function transientAfter(transient: Transient, study: Study, { events, renewed, expiry }: Renewals): Transient {
  const granted = events.flatMap((event) => (event.type === "lease-granted" ? [event.trialId] : []));
  if (events.length === 0 && renewed.length === 0) return transient;
  const deadlines = new Map(transient.deadlines);
  for (const trialId of [...granted, ...renewed]) deadlines.set(trialId, expiry);
  const leased = new Set(study.trials.filter(isLeased).map((trial) => trial.id));
  for (const trialId of deadlines.keys()) if (!leased.has(trialId)) deadlines.delete(trialId);
  return { ...transient, deadlines };
}

/**
 * Whether the oracle should be asked for one more trial. A trial is proposed only when a trainer can take it, so that
 * every suggestion knows all results there are; at least one waits for the first trainer to come.
 */
export function wantsSuggestion(study: Study, { capacity }: Transient): boolean {
  const { maxTrials, parallelTrials } = study.spec.budget;
  if (study.status !== "active" || study.trials.length >= maxTrials) return false;
  const outstanding = study.trials.filter(isOutstanding).length;
  return outstanding < (parallelTrials ?? Math.max(1, capacity));
}
