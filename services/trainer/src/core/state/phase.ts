// The phases of a trainer.
//
// phase        entered when                                left when
// preparing    the trainer starts, or an attempt ends      the engine is ready
//              while the training process restarts
// idle         the trainer is free; it pulls assignments   an assignment arrives
// leasing      an assignment arrives                       the lease is granted or refused, or the
//                                                          coordinator does not answer in time
// resting      the study of an assignment has set the      its time is over
//              trainer aside, or asks for more than it
//              has
// refused      the coordinator refuses every call of the   a heartbeat is answered
//              trainer, which is free
// cordoned     a person has cordoned the trainer, which    the answer to a heartbeat has no order
//              is free
// restoring    the lease is granted and names              the trial resumes from a checkpoint, or
//              checkpoints                                 every checkpoint has failed
// training     the lease is granted without checkpoints,   training completes or fails, the trial
//              or the phase restoring ends                 is paused, or the trainer drains
// leaving      the trial is paused, or the trainer         the last checkpoint is saved, or its
//              drains while it trains                      time limit passes
// reporting    training ends with unanswered reports       the coordinator has answered them
// uploading    training completes                          the coordinator has stored the weights
// completing   the coordinator has stored the weights      the coordinator answers; if it has lost
//                                                          the weights, they are uploaded again
// failing      training fails, the trial is paused, the    the coordinator answers
//              trainer drains, or the lease is granted to
//              a trainer that drains
// stopped      the trainer has drained, or its engine is   never
//              broken
//
// The trainer holds a lease from restoring to failing. In each of these phases the attempt also
// ends when the coordinator says so, or when the trainer cannot renew the lease within its time to
// live. A broken engine ends the phases without a lease at once, and so does a drain, apart from
// leasing: the coordinator may have granted the lease already, which the trainer then hands back.

import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint, StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Assignment, Lease } from "@sintonia/protocol/lease";
import type { Reports } from "./reports.js";

/** A phase of the trainer and its data. */
export type Phase =
  | { readonly name: "preparing" }
  | { readonly name: "idle" }
  /** `failure` is present if the trainer drains: with it, it hands back what is granted. */
  | {
      readonly name: "leasing";
      readonly assignment: Assignment;
      readonly giveUpAtMs: number;
      readonly failure?: Failure;
    }
  | { readonly name: "resting"; readonly untilMs: number }
  | { readonly name: "refused" }
  | { readonly name: "cordoned" }
  /** `untried` begins with the checkpoint that the trainer is restoring. */
  | (Leased & { readonly name: "restoring"; readonly untried: readonly StoredCheckpoint[] })
  | (Leased & { readonly name: "training"; readonly reports: Reports; readonly saving: Saving })
  | (Leased & {
      readonly name: "leaving";
      readonly reports: Reports;
      readonly saving: Saving;
      readonly failure: Failure;
      readonly giveUpAtMs: number;
    })
  /** A failed attempt uploads the checkpoint that it holds. */
  | (Leased & {
      readonly name: "reporting";
      readonly reports: Reports;
      readonly saving: Saving;
      readonly end: TrainingEnd;
    })
  | (Leased & Trained & { readonly name: "uploading" })
  | (Leased & Trained & { readonly name: "completing" })
  | (Leased & { readonly name: "failing"; readonly failure: Failure })
  /** `fault` is one line for a person if the engine is broken, and absent after a drain. */
  | { readonly name: "stopped"; readonly fault?: string };

/** The name of a phase. */
export type PhaseName = Phase["name"];

/** The end of a trial's training, before the coordinator knows of it. */
export type TrainingEnd =
  | { readonly kind: "completed"; readonly weights: Weights }
  | { readonly kind: "failed"; readonly failure: Failure };

/** The lease that a trainer holds. */
export interface Leased {
  readonly lease: Lease;
  /**
   * Monotonic time at which the trainer sent the last call that renewed the lease. The coordinator
   * renewed it then or later.
   */
  readonly renewedMs: number;
}

/** What training has made of a trial. */
interface Trained {
  readonly weights: Weights;
  /** Uploads of the weights, the present one included; at least 1. */
  readonly uploads: number;
}

/** The progress of checkpoints while a trial is trained. */
export interface Saving {
  /** Monotonic time at which the last checkpoint, or else training, began. */
  readonly begunMs: number;
  /** True while the training process makes a checkpoint. */
  readonly isMaking: boolean;
  /** True while a checkpoint is uploaded. */
  readonly isUploading: boolean;
  /** True if training has resumed after an epoch since the last checkpoint began. */
  readonly hasNewEpochs: boolean;
  /** The newest checkpoint, while it waits for the reports of the epochs that it covers. */
  readonly held?: Checkpoint;
}

/** Returns the lease that the trainer holds in a phase, if any. */
export function leased(phase: Phase): Leased | undefined {
  return "lease" in phase ? phase : undefined;
}
