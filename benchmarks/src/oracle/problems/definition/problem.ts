import type { Goal } from "@sintonia/tuning/objective/goal";
import type { Random } from "@sintonia/tuning/random/random";
import type { LinearConstraint } from "@sintonia/tuning/space/constraint/linear-constraint";
import type { ParameterValues, SearchSpace } from "@sintonia/tuning/space/parameter";

/** The result of a trial. Only a completed trial counts. */
export interface Outcome {
  readonly state: "completed" | "infeasible" | "failed" | "pruned";
  /**
   * Objective that the oracle receives, before the noise of the benchmark's settings. Absent if the
   * trial has none.
   */
  readonly objective?: number;
}

/** A benchmark problem: a space, and the regret of each point. */
export interface Problem {
  readonly space: SearchSpace;
  /** Direction of the objective. @default "minimize" */
  readonly goal?: Goal;
  /** Constraints of the region. @default none */
  readonly constraints?: readonly LinearConstraint[];
  /** Distance of the true value from the minimum, at least 0; 0 at some point of the region. */
  readonly regret: (values: ParameterValues) => number;
  /** Returns the result of a trial. @default completed, with the regret as objective */
  readonly outcome?: (values: ParameterValues, random: Random) => Outcome;
  /**
   * True if the objective has its own noise, so that the best measured trial may not be the best.
   *
   * @default false
   */
  readonly isNoisy?: boolean;
}

/** Returns the result of a trial of a problem. */
export function outcomeOf({ regret, outcome }: Problem, values: ParameterValues, random: Random): Outcome {
  return outcome?.(values, random) ?? { state: "completed", objective: regret(values) };
}
