import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint } from "@sintonia/protocol/checkpoint";
import type { Directive } from "@sintonia/protocol/directive";
import type { Assignment, Lease, LeaseRefusal } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";

/** Why the coordinator refuses a lease; `unspecified` if this trainer does not know the reason. */
export type Refusal = LeaseRefusal | "unspecified";

/** A call under a lease. */
export type CallName =
  | "heartbeat"
  | "report-epoch"
  | "save-checkpoint"
  | "resume-trial"
  | "upload-weights"
  | "complete-trial"
  | "fail-trial";

/** What can happen to a trainer. Inputs about a lease other than the one held have no effect. */
export type Input =
  /** The training process waits for a trial. */
  | { readonly type: "engine-ready" }
  /** The engine cannot start on this machine. */
  | { readonly type: "engine-failed"; readonly message: string }
  /** The training process ended by itself; `detail` says how, for a person. */
  | { readonly type: "child-died"; readonly detail: string }
  | { readonly type: "assignment-received"; readonly assignment: Assignment }
  /** `sentMs` is when the request was sent. */
  | {
      readonly type: "lease-granted";
      readonly assignment: Assignment;
      readonly lease: Lease;
      readonly sentMs: number;
    }
  | { readonly type: "lease-refused"; readonly assignment: Assignment; readonly reason: Refusal }
  /** The coordinator will never answer this request for a lease. */
  | { readonly type: "lease-rejected"; readonly assignment: Assignment; readonly message: string }
  /** `token` is of the lease under which it was asked for. */
  | {
      readonly type: "checkpoint-downloaded";
      readonly token: number;
      readonly sha256: string;
      readonly bytes: Uint8Array;
    }
  /** It is missing or damaged, or did not come in time. */
  | {
      readonly type: "checkpoint-unavailable";
      readonly token: number;
      readonly sha256: string;
      readonly message: string;
    }
  /** The training process waits for what to do next: after the epochs that the checkpoint covers. */
  | { readonly type: "checkpoint-accepted"; readonly execution: number; readonly epoch: number }
  /** The checkpoint is damaged, or of another plan, engine or number of threads. */
  | { readonly type: "checkpoint-refused"; readonly message: string }
  | { readonly type: "checkpoint-made"; readonly checkpoint: Checkpoint }
  | { readonly type: "checkpoint-failed"; readonly message: string }
  /** The training process waits for what to do next. */
  | { readonly type: "epoch-trained"; readonly measurement: Measurement }
  | { readonly type: "training-completed"; readonly weights: Weights }
  | { readonly type: "training-failed"; readonly failure: Failure }
  | {
      readonly type: "directive-received";
      readonly token: number;
      readonly call: CallName;
      readonly directive: Directive;
      /** When the request was sent. */
      readonly sentMs: number;
    }
  /** The coordinator will never accept this call. */
  | { readonly type: "call-rejected"; readonly token: number; readonly call: CallName; readonly message: string }
  /** Time has passed. */
  | { readonly type: "tick" }
  /** The process is asked to end. */
  | { readonly type: "drain" };
