import { trialSeconds } from "@sintonia/page/store/study/time-left";
import { type PruningEvidence, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import { type WaitingFor, waitingFor } from "../progress/waiting-for.js";
import { trialStateName } from "../trial-state.js";
import { trialValues } from "../values.js";
import { type ExecutionHistory, historyOf } from "./history.js";

/** One trial of the results document. */
export interface TrialResults {
  readonly id: string;
  readonly state: string;
  readonly values: Readonly<Record<string, ParameterValue>>;
  /** Null unless the trial completed. */
  readonly objective: number | null;
  /**
   * Every outcome of a completed trial by name, in a study with several objectives or with limits;
   * absent in any other.
   */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** Objective of each execution, whose mean is `objective`; empty unless the trial completed. */
  readonly executions: readonly number[];
  /** Sample standard deviation of the executions (divisor count - 1); null for fewer than two. */
  readonly deviation: number | null;
  /**
   * The trial that a replicate executes again, and its round, from 0; null for all other trials.
   */
  readonly replicates: { readonly trial: string; readonly round: number } | null;
  /** The failed or cancelled trial whose values this one tries again; null for all other trials. */
  readonly retries: string | null;
  /** Epochs of the last attempt, summed over its executions. */
  readonly epochs: number;
  /** Wall time of the last attempt in seconds; null if no attempt has ended. */
  readonly seconds: number | null;
  /** Id of the trainer that last held the trial's lease; null in a queued trial, or if none did. */
  readonly trainer: string | null;
  readonly attempt: number;
  /**
   * Reason why the trial did not complete; in an open trial, why its last attempt ended. Null if
   * there is none.
   */
  readonly message: string | null;
  /** Facts for which the pruner paused or ended the trial; null in any other state. */
  readonly pruning: PruningEvidence | null;
  /** Reason why the trial waits; null unless it is queued or paused. */
  readonly waiting: string | null;
  /** The facts of the wait; null unless the trial is queued or paused. */
  readonly waitingFor: WaitingFor | null;
  /** Start of the last attempt in ISO 8601, UTC; null if no attempt has started. */
  readonly startedAt: string | null;
  /** Latest report of an epoch in the last attempt in ISO 8601, UTC; null before the first. */
  readonly reportedAt: string | null;
  /** End of the trial in ISO 8601, UTC; null before. */
  readonly endedAt: string | null;
  /**
   * Learning curves of the last attempt, one for each execution. Empty before the first epoch, and
   * where a command reads no measurements.
   */
  readonly history: readonly ExecutionHistory[];
}

/** Returns one trial of the results document, with its values in the order of `names`. */
export function trialResults(trial: Trial, names: readonly string[] = []): TrialResults {
  const isQueued = trial.state === TrialState.QUEUED;
  return {
    id: trial.id,
    state: trialStateName(trial.state),
    values: trialValues(trial, names),
    objective: trial.objective ?? null,
    ...(Object.keys(trial.outcomes).length === 0 ? {} : { outcomes: trial.outcomes }),
    executions: trial.executionObjectives,
    deviation: trial.executionDeviation ?? null,
    replicates:
      trial.replicates === undefined ? null : { trial: trial.replicates.trialId, round: trial.replicates.round },
    retries: trial.retries || null,
    epochs: trial.epochs,
    seconds: trialSeconds(trial) ?? null,
    trainer: isQueued ? null : trial.trainerId || null,
    attempt: trial.attempt,
    message: trial.message || null,
    pruning: trial.evidence ?? null,
    waiting: trial.waiting?.message ?? null,
    waitingFor: waitingFor(trial.waiting),
    startedAt: isQueued ? null : (trial.startedAt?.toISOString() ?? null),
    reportedAt: trial.reportedAt?.toISOString() ?? null,
    endedAt: trial.endedAt?.toISOString() ?? null,
    history: historyOf(trial.measurements),
  };
}

/**
 * Returns the parameter names of an accepted spec, in the order of the spec; none if `spec` is no
 * spec.
 */
export function parameterNames(spec: unknown): string[] {
  const parameters = (spec as { parameters?: object } | null)?.parameters;
  return Object.keys(parameters ?? {});
}
