// What a trainer knows of itself.
//
// Phase        entered when                                  left when
// preparing    at start; a trial ends while the training     the engine is ready
//              process is away
// idle         ready for a trial; pulls assignments          an assignment comes
// leasing      an assignment came                            granted, refused, or the coordinator stays away
// training     the lease was granted                         trained, failed, stopped, fenced
// uploading    training completed                            the weights are stored
// completing   the weights are stored                        the coordinator has answered
// failing      training failed, or the trainer drains        the coordinator has answered
// stopped      nothing is left to do                         never
//
// A lease is held from training to failing. It ends early when the coordinator says so, or, by fencing, when it could not
// be renewed within its time to live.
import type { Assignment, Failure, Lease, Weights } from "./trial.js";

export type Phase =
  | { readonly name: "preparing" }
  | { readonly name: "idle" }
  | { readonly name: "leasing"; readonly assignment: Assignment; readonly giveUpAtMs: number }
  | (Leased & { readonly name: "training" })
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
  /** When a drain ends even with calls unanswered; absent while not draining. */
  readonly drainEndsMs?: number;
}

export type PhaseName = Phase["name"];

/** A session before its first input, with its training process being started. */
export function initialSession(nowMs: number): Session {
  return {
    phase: { name: "preparing" },
    engine: { name: "starting" },
    engineProven: false,
    crashCount: 0,
    heartbeatSentMs: nowMs,
  };
}

/** The lease that is held, and since when it is renewed. */
export function leased(phase: Phase): Leased | undefined {
  return "lease" in phase ? phase : undefined;
}
