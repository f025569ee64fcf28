import type { Region } from "../space/constraint/region.js";
import type { ParameterValues } from "../space/parameter.js";
import type { Goal } from "./goal.js";
import type { Aims, Outcomes } from "./outcomes.js";

/** A completed trial as the surrogate and the oracles read it. */
export interface Observation {
  readonly values: ParameterValues;
  /**
   * Finite, in the objective's own units. The mean of the executions if the trial was executed more
   * than once.
   */
  readonly objective: number;
  /** Variance of the error of `objective`, in its units squared, where the study states it. */
  readonly noiseVariance?: number;
  /**
   * Number of executions (at least 2) whose mean is `objective`, and the sample variance of one
   * (divisor count - 1).
   */
  readonly executions?: { readonly count: number; readonly variance: number };
  /** Every outcome by name, where the history has `aims`. `objective` is the first objective. */
  readonly outcomes?: Outcomes;
}

/** A trial that a pruner ended early. */
export interface PrunedTrial {
  readonly values: ParameterValues;
  /**
   * The best objective that the trial reached before its end; most likely worse than its final one
   * would have been.
   */
  readonly objective?: number;
}

/**
 * A result below the full budget: what a trial of any state had reached before the end of its
 * training, or a result of another study on a part of the data.
 */
export interface PartialResult {
  readonly values: ParameterValues;
  /** The best objective up to `fidelity`; finite, in the objective's own units. */
  readonly objective: number;
  /** Share of the full budget, above 0 and below 1. */
  readonly fidelity: number;
}

/**
 * The ended trials of a study: everything that a surrogate is fitted to. Lists are in the order of
 * trial numbers.
 */
export interface StudyHistory extends Region {
  readonly goal: Goal;
  /**
   * Several objectives or limits on outcomes; `goal` is that of the first objective.
   *
   * @default one objective without limits
   */
  readonly aims?: Aims;
  readonly completed: readonly Observation[];
  /**
   * Values whose trials diverged or were invalid. The oracle avoids them and does not propose them
   * again.
   */
  readonly infeasible: readonly ParameterValues[];
  /**
   * Values whose trials failed, possibly for reasons unrelated to the values. Not proposed again.
   *
   * @default none
   */
  readonly failed?: readonly ParameterValues[];
  /** Not proposed again. @default none */
  readonly pruned?: readonly PrunedTrial[];
  /**
   * Results below the full budget, of other studies and of completed, pruned, paused and running
   * trials: the evidence of an oracle with `fidelity`. Others ignore them.
   *
   * @default none
   */
  readonly partial?: readonly PartialResult[];
  /** Seed of the study. */
  readonly seed: number;
}
