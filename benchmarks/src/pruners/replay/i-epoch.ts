import type { LearningCurve, Pruner } from "@sintonia/tuning/pruner/contract/pruner";

/**
 * Returns a baseline: every trial trains a few epochs, then the best ones train to their end.
 *
 * @see Egele, Mohr, Viering, Balaprakash 2024, The unreasonable effectiveness of early discarding
 *   after one epoch in neural network hyperparameter optimization
 */
export function iEpoch(epochs: number, kept: number): Pruner {
  return {
    judge: ({ trial }) => {
      const reached = trial.executions[0]?.length ?? 0;
      if (reached !== epochs || trial.promotedFrom > 0) return { kind: "continue" };
      const value = bestOf(trial);
      return { kind: "pause", evidence: { pruner: "none", execution: 0, epoch: reached - 1, value, limit: value } };
    },
    promotions: ({ trials, isLast }) => {
      const promoted = trials.filter(({ promotedFrom }) => promotedFrom > 0).length;
      if (promoted === 0 && !isLast) return [];
      const paused = trials.filter(({ state }) => state === "paused").toSorted((a, b) => bestOf(b) - bestOf(a));
      return paused.slice(0, kept - promoted).map(({ trialNumber }) => ({ trialNumber, rung: epochs }));
    },
    reason: () => "",
  };
}

function bestOf({ executions }: LearningCurve): number {
  return Math.max(...(executions[0] ?? []));
}
