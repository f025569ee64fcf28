/** What both sides train: the lab sheet's model on MNIST's 50,000 rows, with a validation of 10,000 after every epoch. */
export interface Settings {
  /** Rows of a batch. */
  readonly batch: number;
  /** Epochs to time; one more comes first, to warm up. */
  readonly epochs: number;
}

/** What one process measured. */
export interface EpochTimes {
  readonly version: string;
  /** Wall time of every timed epoch, validation included. */
  readonly epochSeconds: readonly number[];
  readonly valAccuracy: number;
}
