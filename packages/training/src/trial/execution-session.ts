import type { EngineSession, SessionState } from "../engine/contract/engine.js";
import { type EpochResult, type EpochSettings, runEpoch } from "./epoch.js";
import type { TrainingData } from "./trial.js";

/** A model in one execution. */
export interface ExecutionSession {
  /**
   * Trains one epoch and measures it.
   *
   * @param epoch - counted from 0
   * @returns `ended` if the model trains itself, and has ended before this epoch
   */
  runEpoch(epoch: number, settings: EpochSettings): Promise<EpochResult | { readonly kind: "ended" }>;
  readState(): Promise<SessionState>;
  dispose(): Promise<void>;
}

/** The starting point of an execution. */
export interface ExecutionStart {
  /** Seed of the execution. */
  readonly seed: number;
  /** A state to resume from. If absent, the execution starts from initial weights. */
  readonly state?: SessionState | undefined;
  /** Examples of the execution. */
  readonly data: TrainingData;
}

/** Returns an execution that trains with an engine's session, batch by batch. */
export function batchwise(session: EngineSession, data: TrainingData): ExecutionSession {
  return {
    runEpoch: (_epoch, settings) => runEpoch(session, data, settings),
    readState: () => session.readState(),
    dispose: () => session.dispose(),
  };
}
