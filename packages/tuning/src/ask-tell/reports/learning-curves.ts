// The reported epochs of a dialogue's trials, as its pruner reads them.

import type { Evidence, LearningCurve } from "../../pruner/contract/pruner.js";
import type { ParameterValues } from "../../space/parameter.js";

/** The reported epochs of a trial, and the pruner's verdicts on them. */
export interface Training {
  /** The objective of each epoch. */
  readonly objectives: readonly number[];
  /** The learning rate at the start of each epoch. */
  readonly learningRates: readonly number[];
  /** Epochs of the highest rung that the trial was promoted from; 0 before its first promotion. */
  readonly promotedFrom: number;
  /** The pruner's reasons; present in a trial that it stopped or paused. */
  readonly evidence?: Evidence;
}

/** A trial as a pruner's verdict needs it. */
export interface TrainedTrial {
  readonly values: ParameterValues;
  readonly state: "pending" | "paused" | "completed" | "pruned" | "failed" | "infeasible" | "partial";
  readonly training?: Training;
}

/** The curve of each trial. A report changes one trial only. */
const known = new WeakMap<TrainedTrial, LearningCurve>();

/** Returns the curves of all trials in the order of their numbers. */
export function learningCurves(trials: readonly TrainedTrial[]): readonly LearningCurve[] {
  return trials.map((trial, trialNumber) => {
    const curve = known.get(trial) ?? newCurve(trial, trialNumber);
    known.set(trial, curve);
    return curve;
  });
}

function newCurve({ state, training }: TrainedTrial, trialNumber: number): LearningCurve {
  return {
    trialNumber,
    state: curveState(state),
    executions: training === undefined ? [] : [training.objectives],
    learningRates: training === undefined ? [] : [training.learningRates],
    promotedFrom: training?.promotedFrom ?? 0,
  };
}

function curveState(state: TrainedTrial["state"]): LearningCurve["state"] {
  switch (state) {
    case "pending":
      return "running";
    case "paused":
    case "completed":
    case "pruned":
      return state;
    case "failed":
    case "infeasible":
    case "partial":
      return "ended";
  }
}
