// The nouns of a trainer's work.

/** An attempt of a trial that waits on the work queue. Carries no right to train it. */
export interface Assignment {
  readonly studyId: string;
  readonly trialId: string;
  /** From 1. */
  readonly attempt: number;
}

/** Identifies a lease in every call under it. */
export interface LeaseKey extends Assignment {
  /** Fencing token: grows at every lease of the study. */
  readonly token: number;
}

/** The right to train one attempt of one trial, for as long as it is renewed. */
export interface Lease {
  readonly key: LeaseKey;
  /** Time to live after each renewal, in milliseconds. */
  readonly ttlMs: number;
  /** How often to renew, in milliseconds. */
  readonly heartbeatIntervalMs: number;
  /** The training plan as JSON text. Only the training process reads it. */
  readonly planJson: string;
  /** What the attempt may go on from, best first. */
  readonly checkpoints: readonly StoredCheckpoint[];
}

/** Names a checkpoint that the coordinator holds. */
export interface StoredCheckpoint {
  /** Of its bytes, in lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Of the last epoch that it covers. */
  readonly execution: number;
  readonly epoch: number;
}

/** All that a trial goes on from after an epoch, as the training process wrote it. */
export interface Checkpoint {
  readonly bytes: Uint8Array;
  /** Of `bytes`, in lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Of the last epoch that it covers. */
  readonly execution: number;
  readonly epoch: number;
}

/** Why the coordinator gives no lease. In every case the assignment is void. */
export type Refusal =
  | "unknown-trial"
  | "trial-settled"
  | "already-leased"
  | "stale-attempt"
  | "study-over"
  | "unspecified";

/** What one epoch of one execution measured; both are counted from 0. */
export interface Measurement {
  readonly execution: number;
  readonly epoch: number;
  /** By Keras' names. Losses in nats, accuracies in [0, 1]. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly seconds: number;
}

/** What a trial gives. */
export interface Weights {
  /** A safetensors file. */
  readonly bytes: Uint8Array;
  /** Of `bytes`, in lower-case hexadecimal digits. */
  readonly sha256: string;
  /** For each execution the epoch whose weights it ended with. */
  readonly keptEpochs: readonly number[];
}

/** Why an attempt did not train to its end. */
export interface Failure {
  /**
   * - `infeasible`: training diverged, or the values make no valid model; never retried
   * - `error`: training raised an error that another attempt would raise as well
   * - `interrupted`: the trainer goes away or its training process died; retried
   */
  readonly kind: "infeasible" | "error" | "interrupted";
  /** One line for a person. */
  readonly message: string;
}

/** What the coordinator answers to a call under a lease. */
export type Directive = "continue" | "stop" | "lease-lost";
