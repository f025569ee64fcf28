import type { Assignment, Failure, Lease, LeaseKey, Measurement, Weights } from "./trial.js";

/** How an attempt ended for this trainer. */
export type AttemptEnd =
  | "completed"
  | "failed"
  /** The coordinator said stop. */
  | "stopped"
  | "lease-lost"
  /** The lease could not be renewed in time. */
  | "fenced"
  /** The coordinator rejected the report of a failure, or did not answer before the drain ended. */
  | "unreported";

/** What the shell is to do. Calls to the coordinator are repeated until they are answered, rejected or cancelled. */
export type Effect =
  | { readonly type: "start-training-process" }
  /** `engine-ready` follows, in a new training process if the old one does not wait for an answer. */
  | { readonly type: "stop-training" }
  | { readonly type: "train"; readonly lease: Lease }
  /** Answers the training process that waits after an epoch. */
  | { readonly type: "resume-training" }
  /** One `assignment-received` follows, unless the pull is cancelled. */
  | { readonly type: "pull-assignment" }
  | { readonly type: "cancel-pull" }
  | { readonly type: "accept-assignment"; readonly assignment: Assignment }
  | { readonly type: "give-back-assignment"; readonly assignment: Assignment; readonly delayMs: number }
  | { readonly type: "acquire-lease"; readonly assignment: Assignment }
  /** Cancels `acquire-lease`. */
  | { readonly type: "cancel-lease-request"; readonly assignment: Assignment }
  /** Sent once; the next one is its repetition. An answer that takes longer than `timeoutMs` is of no use. */
  | { readonly type: "send-heartbeat"; readonly lease?: LeaseKey; readonly timeoutMs: number }
  | { readonly type: "report-epoch"; readonly lease: LeaseKey; readonly measurement: Measurement }
  | { readonly type: "upload-weights"; readonly lease: LeaseKey; readonly weights: Weights }
  | { readonly type: "complete-trial"; readonly lease: LeaseKey; readonly weights: Weights }
  | { readonly type: "fail-trial"; readonly lease: LeaseKey; readonly failure: Failure }
  /** Cancels the calls under this lease. */
  | { readonly type: "end-attempt"; readonly lease: LeaseKey; readonly end: AttemptEnd };
