/** The position of an epoch within a trial. */
export interface TrialEpoch {
  /** Execution of the trial, counted from 0. */
  readonly execution: number;
  /** Epoch of the execution, counted from 0. */
  readonly epoch: number;
}

/** The measurements of one epoch. */
export interface Measurement extends TrialEpoch {
  /**
   * Float32 values by name: loss, accuracy, val_loss, val_accuracy and the scores of
   * docs/metrics.md, or the names of a program. Cross-entropies in nats, accuracies in [0, 1].
   */
  readonly metrics: Readonly<Record<string, number>>;
  /** Learning rate at the start of the epoch. Only a schedule changes the rate within an epoch. */
  readonly learningRate: number;
  /** Wall time of the epoch in seconds, validation included. */
  readonly seconds: number;
}
