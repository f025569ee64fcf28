import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint, StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Directive, TrainerOrder } from "@sintonia/protocol/directive";
import type { Assignment, Lease, LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { FaultCode } from "../core/boundary/fault.js";
import type { Refusal } from "../core/boundary/input.js";

/** The coordinator's answer to a request for a lease. */
export type LeaseAnswer =
  | { readonly kind: "granted"; readonly lease: Lease }
  | { readonly kind: "refused"; readonly reason: Refusal };

/** The coordinator's answer to a heartbeat. */
export interface HeartbeatAnswer {
  /** The answer about the lease; `continue` without one. */
  readonly directive: Directive;
  /** The order of a person about this trainer. */
  readonly order: TrainerOrder;
}

/**
 * The coordinator, from a trainer's side. The caller may repeat every call: repeats have the
 * effect of one call. No call retries by itself, and each ends in bounded time.
 *
 * All methods throw a CoordinatorFault if there is no answer, and the signal's reason if it is
 * aborted.
 */
export interface Coordinator {
  /** Asks for the lease of an assignment. */
  acquireLease(assignment: Assignment, signal: AbortSignal): Promise<LeaseAnswer>;
  /**
   * Reports that this trainer is alive, and renews the lease if there is one. Waits at most
   * `timeoutMs` for the answer.
   */
  heartbeat(lease: LeaseKey | undefined, timeoutMs: number, signal: AbortSignal): Promise<HeartbeatAnswer>;
  /**
   * Reports an epoch and renews the lease. Epochs are reported in order, each after the answer to
   * the one before.
   */
  reportEpoch(lease: LeaseKey, measurement: Measurement, signal: AbortSignal): Promise<Directive>;
  /** Stores a checkpoint durably and makes it one from which a later attempt may resume. */
  saveCheckpoint(lease: LeaseKey, checkpoint: Checkpoint, signal: AbortSignal): Promise<Directive>;
  /** Downloads a checkpoint that the lease names, and checks its size and checksum. */
  downloadCheckpoint(lease: LeaseKey, checkpoint: StoredCheckpoint, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Resumes the attempt from a checkpoint that the lease names. Call this before the first report.
   */
  resumeTrial(lease: LeaseKey, sha256: string, signal: AbortSignal): Promise<Directive>;
  /** Stores weights durably. */
  uploadWeights(lease: LeaseKey, weights: Weights, signal: AbortSignal): Promise<void>;
  /** Completes a trial whose weights are stored. */
  completeTrial(lease: LeaseKey, weights: Weights, signal: AbortSignal): Promise<Directive>;
  /** Ends the attempt with a failure. */
  failTrial(lease: LeaseKey, failure: Failure, signal: AbortSignal): Promise<Directive>;
}

/** The coordinator did not answer, or rejected the call. */
export class CoordinatorFault extends Error {
  override readonly name = "CoordinatorFault";
  readonly code: FaultCode;
  /** True if a coordinator answered that its store is away, so that nobody can end the lease. */
  readonly isUnconfirmed: boolean;
  /** True if the coordinator had no room for the call, which passes. */
  readonly isOverload: boolean;

  constructor(code: FaultCode, message: string, options: ErrorOptions & Partial<FaultKind> = {}) {
    super(message, options);
    this.code = code;
    this.isUnconfirmed = options.isUnconfirmed ?? false;
    this.isOverload = options.isOverload ?? false;
  }
}

/** What a coordinator says about a fault besides its code. */
type FaultKind = Pick<CoordinatorFault, "isUnconfirmed" | "isOverload">;
