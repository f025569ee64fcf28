// What a trainer knows of itself.
//
// Phase        entered when                                  left when
// preparing    at start; a trial ends while the training     the engine is ready
//              process is away
// idle         ready for a trial; pulls assignments          an assignment comes
// leasing      an assignment came                            granted, refused, or the coordinator stays away
// restoring    the lease was granted and names checkpoints   the training process has taken one, or none is left
// training     the lease was granted; a checkpoint is taken  trained, failed, stopped, fenced
// leaving      the trainer drains in training                its last checkpoint is saved, or the time for that is up
// uploading    training completed                            the weights are stored
// completing   the weights are stored                        the coordinator has answered
// failing      training failed, or the trainer drains        the coordinator has answered
// stopped      nothing is left to do                         never
//
// A lease is held from restoring to failing. It ends early when the coordinator says so, or, by fencing, when it could not
// be renewed within its time to live.

import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Assignment, Lease } from "@sintonia/protocol/lease";

export type Phase =
  | { readonly name: "preparing" }
  | { readonly name: "idle" }
  | { readonly name: "leasing"; readonly assignment: Assignment; readonly giveUpAtMs: number }
  | (Leased & { readonly name: "restoring"; readonly candidates: readonly StoredCheckpoint[] })
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
  /** `fault` is one line for a person if the trainer cannot go on; absent after a drain. */
  | { readonly name: "stopped"; readonly fault?: string };

export interface Leased {
  readonly lease: Lease;
  /** When the request was sent whose answer renewed the lease last: never later than the coordinator's renewal. */
  readonly renewedMs: number;
}

/** The checkpoints of a trial in training. */
export interface Saving {
  /** When the last one began, or training did. */
  readonly begunMs: number;
  /** Whether one is being made or uploaded. */
  readonly isUnderWay: boolean;
  /** Whether epochs were reported that it does not cover. */
  readonly hasNewEpochs: boolean;
}

/** The training process. While it trains it counts as ready. */
export type EngineState =
  | { readonly name: "starting" }
  | { readonly name: "ready" }
  | { readonly name: "broken"; readonly fault: string };

/** All times are monotonic, in milliseconds. */
export interface Session {
  readonly phase: Phase;
  readonly engine: EngineState;
  /** Whether the engine has been ready since the trainer started. */
  readonly engineProven: boolean;
  /** Deaths of the training process without an epoch trained in between. */
  readonly crashCount: number;
  readonly heartbeatSentMs: number;
  /** Shortest time from one checkpoint to the next. */
  readonly checkpointIntervalMs: number;
  /** When a drain ends even with calls unanswered; absent while not draining. */
  readonly drainEndsMs?: number;
}

export type PhaseName = Phase["name"];

/** A session before its first input, with its training process being started. */
export function initialSession(nowMs: number, checkpointIntervalMs: number): Session {
  return {
    phase: { name: "preparing" },
    engine: { name: "starting" },
    engineProven: false,
    crashCount: 0,
    heartbeatSentMs: nowMs,
    checkpointIntervalMs,
  };
}

/** The lease that is held, and since when it is renewed. */
export function leased(phase: Phase): Leased | undefined {
  return "lease" in phase ? phase : undefined;
}
