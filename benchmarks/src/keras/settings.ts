/**
 * The training of both sides: the model of the lab sheet on MNIST's first 50,000 rows, with a
 * validation on 10,000 rows after each epoch.
 */
export interface Settings {
  /** Rows of a batch. */
  readonly batch: number;
  /** Number of timed epochs. An untimed epoch for warm-up precedes them. */
  readonly epochs: number;
}

/** Measurements of one process. */
export interface EpochTimes {
  readonly version: string;
  /** Wall time of each timed epoch in seconds, with validation. */
  readonly epochSeconds: readonly number[];
  readonly valAccuracy: number;
}
