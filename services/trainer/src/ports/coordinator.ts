import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint, StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Directive } from "@sintonia/protocol/directive";
import type { Assignment, Lease, LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { FaultCode } from "../core/boundary/fault.js";
import type { Refusal } from "../core/boundary/input.js";

export type LeaseAnswer =
  | { readonly kind: "granted"; readonly lease: Lease }
  | { readonly kind: "refused"; readonly reason: Refusal };

/**
 * The coordinator as a trainer sees it. Every call may be repeated: a repeat has the effect of one call. No call retries by
 * itself, and each ends in bounded time.
 *
 * All methods throw CoordinatorFault where there is no answer, and the signal's reason once it is aborted.
 */
export interface Coordinator {
  acquireLease(assignment: Assignment, signal: AbortSignal): Promise<LeaseAnswer>;
  /** Says that this trainer is alive and renews the lease, if one is given. Waits at most `timeoutMs` for the answer. */
  heartbeat(lease: LeaseKey | undefined, timeoutMs: number, signal: AbortSignal): Promise<Directive>;
  /** Renews the lease. Epochs come in order; the next report waits for the answer to the last. */
  reportEpoch(lease: LeaseKey, measurement: Measurement, signal: AbortSignal): Promise<Directive>;
  /** Stores a checkpoint durably and has it named as one that a later attempt may go on from. */
  saveCheckpoint(lease: LeaseKey, checkpoint: Checkpoint, signal: AbortSignal): Promise<Directive>;
  /** Reads a checkpoint that the lease names; its size and checksum are right. */
  downloadCheckpoint(lease: LeaseKey, checkpoint: StoredCheckpoint, signal: AbortSignal): Promise<Uint8Array>;
  /** Says that the attempt goes on from a checkpoint that the lease names, before its first report. */
  resumeTrial(lease: LeaseKey, sha256: string, signal: AbortSignal): Promise<Directive>;
  /** Returns once the weights are stored durably. */
  uploadWeights(lease: LeaseKey, weights: Weights, signal: AbortSignal): Promise<void>;
  /** Ends a trial whose weights were uploaded. */
  completeTrial(lease: LeaseKey, weights: Weights, signal: AbortSignal): Promise<Directive>;
  failTrial(lease: LeaseKey, failure: Failure, signal: AbortSignal): Promise<Directive>;
}

/** The coordinator did not answer, or refused to. */
export class CoordinatorFault extends Error {
  override readonly name = "CoordinatorFault";
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
