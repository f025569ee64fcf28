import type { TrialEpoch } from "./measurement.js";

/**
 * A trial's training state after an epoch, as the training process encoded it. `execution` and
 * `epoch` name that epoch.
 */
export interface Checkpoint extends TrialEpoch {
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * A reference to a checkpoint that the coordinator stores. `execution` and `epoch` name the last
 * epoch that it covers.
 */
export interface StoredCheckpoint extends TrialEpoch {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}
