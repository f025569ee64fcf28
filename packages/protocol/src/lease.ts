import type { StoredCheckpoint } from "./checkpoint.js";
import type { StudyId, TrialId } from "./names.js";

/**
 * An attempt of a trial that waits for a trainer. An assignment gives no right to train: only a
 * lease does.
 */
export interface Assignment {
  readonly studyId: StudyId;
  readonly trialId: TrialId;
  /** Attempt of the trial, counted from 1. */
  readonly attempt: number;
}

/** The identity of a lease. Every call under the lease carries the key. */
export interface LeaseKey extends Assignment {
  /**
   * Fencing token. The coordinator raises the token with every lease of the study, from 1, and
   * refuses older ones.
   */
  readonly token: number;
  /**
   * Random text that only the trainer gets that the lease was granted to: tokens alone could be
   * guessed. Undefined for a lease that an earlier version granted.
   */
  readonly secret?: string;
}

/** The right to train one attempt of a trial, as long as the trainer renews the lease in time. */
export interface Lease {
  readonly key: LeaseKey;
  /** Time to live after each renewal, in milliseconds. */
  readonly ttlMs: number;
  /** Interval of the heartbeats that renew the lease, in milliseconds. */
  readonly heartbeatIntervalMs: number;
  /** The training plan as JSON text. Only the training process parses the plan. */
  readonly planJson: string;
  /** Checkpoints from which the attempt may resume, the one with the most epochs first. */
  readonly checkpoints: readonly StoredCheckpoint[];
}

/**
 * The reason for which the coordinator refuses a lease. The assignment is void, except with
 * `set-aside`, `cordoned` and `unfit`.
 */
export type LeaseRefusal =
  /** There is no such study or trial. */
  | "unknown-trial"
  /** The trial has ended. */
  | "trial-settled"
  /** Another trainer holds the lease, or the attempt has already reported an epoch. */
  | "already-leased"
  /** The trial is at another attempt. */
  | "stale-attempt"
  /** The study accepts no more trials. */
  | "study-over"
  /** The study is paused. Its queued trials are offered again once it is resumed. */
  | "study-paused"
  /**
   * The study gives this trainer no trials for some time. The assignment stays valid for another
   * trainer.
   */
  | "set-aside"
  /**
   * A person has cordoned this trainer. The assignment stays valid for another trainer.
   */
  | "cordoned"
  /**
   * This trainer lacks resources that the study asks for. The assignment stays valid for another
   * trainer.
   */
  | "unfit";
