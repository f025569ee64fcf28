// The phases of a trainer.
//
// phase        entered when                                       left when
// preparing    the trainer starts; an attempt ends while the      the engine is ready
//              training process restarts
// idle         the trainer is free; it pulls assignments          an assignment arrives
// leasing      an assignment arrives                              the lease is granted or refused, or the coordinator does not
//                                                                 answer in time
// restoring    the lease is granted and names checkpoints         the trial resumes from one, or all of them failed
// training     the lease is granted without checkpoints; the      training completes, fails or is stopped; the trainer drains
//              trial resumes; all checkpoints failed
// leaving      the trainer drains while it trains                 the last checkpoint is saved, or its time limit has passed
// uploading    training completed                                 the weights are stored
// completing   the weights are stored                             the coordinator answers
// failing      training failed, or the trainer drains             the coordinator answers
// stopped      the trainer drained, or its engine is broken       never
//
// The trainer holds a lease from restoring to failing. The lease also ends when the coordinator says so, or when the trainer
// could not renew the lease within its time to live.

import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Assignment, Lease } from "@sintonia/protocol/lease";

/** A phase of the trainer and what it needs. */
export type Phase =
  | { readonly name: "preparing" }
  | { readonly name: "idle" }
  | { readonly name: "leasing"; readonly assignment: Assignment; readonly giveUpAtMs: number }
  /** `untried` begins with the checkpoint that the trainer is restoring. */
  | (Leased & { readonly name: "restoring"; readonly untried: readonly StoredCheckpoint[] })
  | (Leased & { readonly name: "training"; readonly saving: Saving })
  | (Leased & {
      readonly name: "leaving";
      readonly saving: Saving;
      readonly failure: Failure;
      readonly giveUpAtMs: number;
    })
  | (Leased & { readonly name: "uploading"; readonly weights: Weights })
  | (Leased & { readonly name: "completing"; readonly weights: Weights })
  | (Leased & { readonly name: "failing"; readonly failure: Failure })
  /** `fault` is one line for a person if the trainer cannot go on, and absent after a drain. */
  | { readonly name: "stopped"; readonly fault?: string };

/** The name of a phase. */
export type PhaseName = Phase["name"];

/** The lease that a trainer holds. */
export interface Leased {
  readonly lease: Lease;
  /** Monotonic time at which the trainer sent the last call that renewed the lease. The coordinator renewed it then or later. */
  readonly renewedMs: number;
}

/** The progress of checkpoints while a trial is trained. */
export interface Saving {
  /** Monotonic time at which the last checkpoint, or else training, began. */
  readonly begunMs: number;
  /** True while a checkpoint is made or uploaded. */
  readonly isUnderWay: boolean;
  /** True if the coordinator has accepted epochs since the last checkpoint began. */
  readonly hasNewEpochs: boolean;
}

/** Returns the lease that the trainer holds in a phase, if any. */
export function leased(phase: Phase): Leased | undefined {
  return "lease" in phase ? phase : undefined;
}
