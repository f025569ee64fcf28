/** The weights with which an attempt completed. */
export interface Weights {
  /** A safetensors file. */
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** For each execution, the epoch whose weights training kept. */
  readonly keptEpochs: readonly number[];
}

/** The reason for which an attempt did not complete. */
export type FailureKind =
  /**
   * Training diverged, or the parameter values make no valid model. The coordinator never retries
   * the trial.
   */
  | "infeasible"
  /**
   * Training raised an error that another attempt would raise again. The coordinator does not
   * retry the trial.
   */
  | "error"
  /**
   * The trainer drains, or its training process died. The coordinator retries the trial while
   * attempts remain.
   */
  | "interrupted";

/** The failure of an attempt. */
export interface Failure {
  readonly kind: FailureKind;
  /** One line for a person. */
  readonly message: string;
}
