import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint, StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Assignment, Lease, LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";

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
  /**
   * Trains from the beginning, or from a checkpoint: then `checkpoint-accepted` follows, after which the training process waits
   * for `resume-training`, or `checkpoint-refused`, after which it waits for a trial.
   */
  | { readonly type: "train"; readonly lease: Lease; readonly checkpoint?: Uint8Array }
  /** `checkpoint-made` follows, of the last epoch after which training was resumed, or `checkpoint-failed`. */
  | { readonly type: "make-checkpoint" }
  /** Answers the training process that waits after an epoch, or after it took a checkpoint. */
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
  /** `checkpoint-downloaded` or `checkpoint-unavailable` follows, in bounded time. */
  | { readonly type: "download-checkpoint"; readonly lease: LeaseKey; readonly checkpoint: StoredCheckpoint }
  | { readonly type: "resume-trial"; readonly lease: LeaseKey; readonly sha256: string }
  /** Uploads it and has it named as one to go on from. */
  | { readonly type: "save-checkpoint"; readonly lease: LeaseKey; readonly checkpoint: Checkpoint }
  | { readonly type: "report-epoch"; readonly lease: LeaseKey; readonly measurement: Measurement }
  | { readonly type: "upload-weights"; readonly lease: LeaseKey; readonly weights: Weights }
  | { readonly type: "complete-trial"; readonly lease: LeaseKey; readonly weights: Weights }
  | { readonly type: "fail-trial"; readonly lease: LeaseKey; readonly failure: Failure }
  /** Cancels the calls under this lease. */
  | { readonly type: "end-attempt"; readonly lease: LeaseKey; readonly end: AttemptEnd };
