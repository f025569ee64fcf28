// The learning curve of a trial, as pruners and oracles read it.

import type { LearningCurve } from "@sintonia/tuning/pruner/contract/pruner";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Measurements } from "../measurements/measurements.js";
import type { Trial } from "../state/study.js";

/**
 * The curve of each trial. A report changes one trial only: the curves of the others are those of
 * the report before, and what a pruner derives from them stays valid.
 */
const known = new WeakMap<Trial, LearningCurve>();

/** Returns the curve of a trial. One that waits for a trainer has the epochs of its checkpoint. */
export function learningCurve(trial: Trial, objective: StudySpec["objective"]): LearningCurve {
  const curve = known.get(trial) ?? newCurve(trial, objective.metric);
  known.set(trial, curve);
  return curve;
}

function newCurve(trial: Trial, metric: string): LearningCurve {
  const { number, state, promotedFrom = 0 } = trial;
  return { trialNumber: number, state: curveState(state), promotedFrom, ...epochsOf(measurementsOf(trial), metric) };
}

function curveState(state: Trial["state"]): LearningCurve["state"] {
  switch (state) {
    case "queued":
    case "leased":
    case "running":
      return "running";
    case "paused":
    case "completed":
    case "pruned":
      return state;
    case "failed":
    case "infeasible":
    case "cancelled":
      return "ended";
  }
}

/** The first report of an attempt that did not resume drops the checkpoints. */
function measurementsOf({ measurements, checkpoints }: Trial): Measurements {
  return measurements.length > 0 ? measurements : (checkpoints[0]?.measurements ?? []);
}

function epochsOf(measurements: Measurements, metric: string): Pick<LearningCurve, "executions" | "learningRates"> {
  const executions: number[][] = [];
  const learningRates: number[][] = [];
  for (const { execution, metrics, learningRate } of measurements) {
    executions[execution] ??= [];
    learningRates[execution] ??= [];
    executions[execution].push(metrics[metric] ?? Number.NaN);
    learningRates[execution].push(learningRate);
  }
  return { executions, learningRates };
}
