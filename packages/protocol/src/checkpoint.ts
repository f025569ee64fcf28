import type { TrialEpoch } from "./measurement.js";
import type { Sha256 } from "./names.js";

/**
 * A trial's training state after an epoch, as the training process encoded it. `execution` and
 * `epoch` name that epoch.
 */
export interface Checkpoint extends TrialEpoch {
  readonly bytes: Uint8Array;
  /** Checksum of `bytes`. */
  readonly sha256: Sha256;
}

/**
 * A reference to a checkpoint that the coordinator stores. `execution` and `epoch` name the last
 * epoch that it covers.
 */
export interface StoredCheckpoint extends TrialEpoch {
  /** Checksum of the bytes. */
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}
