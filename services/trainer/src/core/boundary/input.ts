import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint } from "@sintonia/protocol/checkpoint";
import type { Directive, TrainerOrder } from "@sintonia/protocol/directive";
import type { Assignment, Lease, LeaseRefusal } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { FaultCode } from "./fault.js";

/** The reason of a refused lease; `unspecified` if this trainer does not know the reason. */
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

/** An input of the trainer. Inputs about a lease that the trainer does not hold change nothing. */
export type Input =
  /** The training process waits for a trial. */
  | { readonly type: "engine-ready" }
  /** The engine cannot start on this computer. */
  | { readonly type: "engine-failed"; readonly message: string }
  /** The training process ended by itself. `detail` names the exit code or signal for a person. */
  | { readonly type: "child-died"; readonly detail: string }
  | { readonly type: "assignment-received"; readonly assignment: Assignment }
  /** `sentMs` is the time at which the shell sent the request. */
  | {
      readonly type: "lease-granted";
      readonly assignment: Assignment;
      readonly lease: Lease;
      readonly sentMs: number;
    }
  | { readonly type: "lease-refused"; readonly assignment: Assignment; readonly reason: Refusal }
  /**
   * The coordinator refuses every call of this trainer, for example for its token. It may accept
   * the trainer later, after a person has mended that.
   */
  | { readonly type: "trainer-refused"; readonly message: string }
  /** The coordinator answered a call that this trainer makes without a lease. */
  | { readonly type: "trainer-accepted" }
  /** The coordinator will never answer this request for a lease. */
  | { readonly type: "lease-rejected"; readonly assignment: Assignment; readonly message: string }
  /** `token` names the lease under which the shell downloaded the checkpoint. */
  | {
      readonly type: "checkpoint-downloaded";
      readonly token: number;
      readonly sha256: string;
      readonly bytes: Uint8Array;
    }
  /** The checkpoint is missing or damaged, or did not arrive in time. */
  | {
      readonly type: "checkpoint-unavailable";
      readonly token: number;
      readonly sha256: string;
      readonly message: string;
    }
  /**
   * The training process has restored the checkpoint, which covers the epochs up to this one, and
   * waits.
   */
  | { readonly type: "checkpoint-accepted"; readonly execution: number; readonly epoch: number }
  /**
   * The checkpoint is damaged, or of another plan, engine or number of threads. The training
   * process waits for a trial.
   */
  | { readonly type: "checkpoint-refused"; readonly message: string }
  | { readonly type: "checkpoint-made"; readonly checkpoint: Checkpoint }
  | { readonly type: "checkpoint-failed"; readonly message: string }
  /**
   * The training process has trained an epoch and waits. `examples` is the number of training
   * examples of the epoch; absent if a program trains, which does not tell.
   */
  | { readonly type: "epoch-trained"; readonly measurement: Measurement; readonly examples?: number }
  | { readonly type: "training-completed"; readonly weights: Weights }
  | { readonly type: "training-failed"; readonly failure: Failure }
  /** The coordinator answered a call. `sentMs` is the time at which the shell sent the call. */
  | {
      readonly type: "directive-received";
      readonly token: number;
      readonly call: CallName;
      readonly directive: Directive;
      readonly sentMs: number;
    }
  /**
   * A coordinator answered a heartbeat, and cannot renew the lease: its store is away, so that no
   * coordinator can end the lease either.
   */
  | { readonly type: "lease-unconfirmed"; readonly token: number; readonly sentMs: number }
  /** A heartbeat got no answer, or none that renews a lease. */
  | { readonly type: "heartbeat-lost" }
  /** The coordinator will never accept this call. `code` is absent if no coordinator answered. */
  | {
      readonly type: "call-rejected";
      readonly token: number;
      readonly call: CallName;
      readonly code?: FaultCode;
      readonly message: string;
    }
  /** The answer to a heartbeat tells the order of a person about this trainer. */
  | { readonly type: "order-received"; readonly order: TrainerOrder }
  /** Time has passed. */
  | { readonly type: "tick" }
  /**
   * A person or the platform asks the trainer to end, unless a `reason` tells more: one line for a
   * person about the trial that is handed back.
   */
  | { readonly type: "drain"; readonly reason?: string };

/** The input of one type. */
export type InputOf<T extends Input["type"]> = Extract<Input, { type: T }>;
