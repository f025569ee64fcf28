import type { Goal } from "@sintonia/tuning/objective/goal";
import type { Random } from "@sintonia/tuning/random/random";
import type { LinearConstraint } from "@sintonia/tuning/space/constraint/linear-constraint";
import type { ParameterValues, SearchSpace } from "@sintonia/tuning/space/parameter";

/** How a trial ends. Only a completed one counts as a result. */
export interface Outcome {
  readonly state: "completed" | "infeasible" | "failed" | "pruned";
  /** What the oracle is told, before the noise of the benchmark's settings; missing where there is none. */
  readonly objective?: number;
}

/** What an oracle is measured on: a space, and how far above the minimum a point of it lies. */
export interface Problem {
  readonly space: SearchSpace;
  /** Which objectives are better. @default "minimize" */
  readonly goal?: Goal;
  /** @default none */
  readonly constraints?: readonly LinearConstraint[];
  /** The least is 0, and is taken somewhere in the region. */
  readonly regret: (values: ParameterValues) => number;
  /** How a trial of the values ends. @default completed, with the regret for its objective */
  readonly outcome?: (values: ParameterValues, random: Random) => Outcome;
  /** Whether the objective has noise of its own, so that the best one told is partly luck. @default false */
  readonly isNoisy?: boolean;
}

/** How a trial of a problem ends. */
export function outcomeOf({ regret, outcome }: Problem, values: ParameterValues, random: Random): Outcome {
  return outcome?.(values, random) ?? { state: "completed", objective: regret(values) };
}
