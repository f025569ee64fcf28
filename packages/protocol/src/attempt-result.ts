import type { Sha256 } from "./names.js";

/** The weights with which an attempt completed. */
export interface Weights {
  /** A safetensors file. */
  readonly bytes: Uint8Array;
  /** Checksum of `bytes`. */
  readonly sha256: Sha256;
  /** For each execution, the epoch whose weights training kept. */
  readonly keptEpochs: readonly number[];
  /** Facts about the model by name, which the plan asks for. @default none */
  readonly facts?: Readonly<Record<string, number>>;
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
   * retry the trial, unless the trainer is the likelier cause.
   */
  | "error"
  /**
   * The training process died. The coordinator retries the trial while attempts remain. An attempt
   * that advanced the training does not count.
   */
  | "interrupted"
  /** The trainer drains. The coordinator retries the trial, and the attempt does not count. */
  | "preempted"
  /**
   * The trainer's data or engine is not usable. The coordinator retries the trial on another
   * trainer, and the attempt does not count.
   */
  | "trainer";

/** The failure of an attempt. */
export interface Failure {
  readonly kind: FailureKind;
  /** One line for a person. */
  readonly message: string;
}
