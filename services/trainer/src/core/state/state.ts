import type { TrainerOrder } from "@sintonia/protocol/directive";
import type { Phase } from "./phase.js";
import type { Rejections } from "./rejections.js";

/** The readiness of the training process. The process counts as ready while it trains. */
type EngineState =
  | { readonly name: "starting" }
  | { readonly name: "ready" }
  | { readonly name: "broken"; readonly fault: string };

/** The settings of a trainer, in milliseconds. */
export interface Settings {
  /** Shortest time from one checkpoint of a trial to the next; 0 for one after every epoch. */
  readonly checkpointIntervalMs: number;
  /** Time limit of a drain, for the last calls to the coordinator. */
  readonly drainMs: number;
}

/** The state of a trainer. All times are monotonic, in milliseconds. */
export interface State extends Settings {
  readonly phase: Phase;
  readonly engine: EngineState;
  /**
   * True if the engine has been ready at least once. A crash before that breaks the trainer at
   * once.
   */
  readonly engineProven: boolean;
  /** Number of crashes of the training process since it last trained an epoch or ended a trial. */
  readonly crashCount: number;
  readonly heartbeatSentMs: number;
  /** True if the last heartbeat was lost: the next one follows soon. */
  readonly isHeartbeatLost?: boolean;
  /** Refusals of this trainer since the coordinator last accepted it; absent if there are none. */
  readonly refusalCount?: number;
  /** The order of a person about this trainer; absent if there is none. */
  readonly order?: Exclude<TrainerOrder, "none">;
  readonly rejections: Rejections;
  /**
   * Time of the last heartbeat that a coordinator answered without a store; absent before the
   * first one.
   */
  readonly unconfirmedMs?: number;
  /** Time at which a drain ends even if calls are unanswered; absent unless the trainer drains. */
  readonly drainEndsMs?: number;
}

/** Returns the state of a trainer that starts its training process. */
export function initialState(nowMs: number, settings: Settings): State {
  return {
    phase: { name: "preparing" },
    engine: { name: "starting" },
    engineProven: false,
    crashCount: 0,
    heartbeatSentMs: nowMs,
    rejections: [],
    checkpointIntervalMs: settings.checkpointIntervalMs,
    drainMs: settings.drainMs,
  };
}
