import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint, StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Assignment, Lease, LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";

/** The end of an attempt, as the trainer sees it. */
export type AttemptEnd =
  | "completed"
  | "failed"
  /** The coordinator stopped the trial. */
  | "stopped"
  | "lease-lost"
  /** The trainer could not renew the lease within its time to live. */
  | "fenced"
  /**
   * The coordinator rejected the report of a failure, or did not answer before the drain ended.
   */
  | "unreported";

/**
 * An action of the shell. The shell repeats calls to the coordinator until they are answered,
 * rejected or cancelled.
 */
export type Effect =
  | { readonly type: "start-training-process" }
  /**
   * Ends training. `engine-ready` follows: from a new process, unless the present one waits for an
   * answer.
   */
  | { readonly type: "stop-training" }
  /**
   * Trains from the beginning or from a checkpoint. With a checkpoint, one of two inputs follows:
   * `checkpoint-accepted`, after which the training process waits for `resume-training`, or
   * `checkpoint-refused`, after which it waits for a trial.
   */
  | { readonly type: "train"; readonly lease: Lease; readonly checkpoint?: Uint8Array }
  /**
   * Makes a checkpoint of the last epoch after which training resumed. `checkpoint-made` or
   * `checkpoint-failed` follows.
   */
  | { readonly type: "make-checkpoint" }
  /** Resumes training after an epoch or an accepted checkpoint. */
  | { readonly type: "resume-training" }
  /**
   * Waits for an assignment. One `assignment-received` follows unless the trainer cancels the
   * pull.
   */
  | { readonly type: "pull-assignment" }
  | { readonly type: "cancel-pull" }
  | { readonly type: "accept-assignment"; readonly assignment: Assignment }
  | { readonly type: "give-back-assignment"; readonly assignment: Assignment; readonly delayMs: number }
  | { readonly type: "acquire-lease"; readonly assignment: Assignment }
  /** Cancels `acquire-lease`. */
  | { readonly type: "cancel-lease-request"; readonly assignment: Assignment }
  /**
   * Sends one heartbeat. The shell does not repeat a lost one, and ignores an answer after
   * `timeoutMs`.
   */
  | { readonly type: "send-heartbeat"; readonly lease?: LeaseKey; readonly timeoutMs: number }
  /**
   * Downloads a checkpoint. `checkpoint-downloaded` or `checkpoint-unavailable` follows within
   * bounded time.
   */
  | { readonly type: "download-checkpoint"; readonly lease: LeaseKey; readonly checkpoint: StoredCheckpoint }
  | { readonly type: "resume-trial"; readonly lease: LeaseKey; readonly sha256: string }
  /** Uploads a checkpoint and makes it one from which a later attempt may resume. */
  | { readonly type: "save-checkpoint"; readonly lease: LeaseKey; readonly checkpoint: Checkpoint }
  | { readonly type: "report-epoch"; readonly lease: LeaseKey; readonly measurement: Measurement }
  | { readonly type: "upload-weights"; readonly lease: LeaseKey; readonly weights: Weights }
  | { readonly type: "complete-trial"; readonly lease: LeaseKey; readonly weights: Weights }
  | { readonly type: "fail-trial"; readonly lease: LeaseKey; readonly failure: Failure }
  /** Cancels the calls under this lease. */
  | { readonly type: "end-attempt"; readonly lease: LeaseKey; readonly end: AttemptEnd };
