import type { Measurement } from "@sintonia/protocol/measurement";
import type { Goal } from "@sintonia/tuning/objective/goal";
import type { Objective } from "@sintonia/tuning/plan/training-plan";
import { findTrial, isLeased, type Study, type Trial } from "../state/study.js";
import { searchTrials } from "./replicates.js";

/** Whether `a` is strictly better than `b`. */
export function isBetter(goal: Goal, a: number, b: number): boolean {
  return goal === "maximize" ? a > b : a < b;
}

/** The best measurement by the objective, the first of equals; undefined if there is none. */
export function bestMeasurement(measurements: readonly Measurement[], objective: Objective): Measurement | undefined {
  let best: Measurement | undefined;
  for (const measurement of measurements) {
    if (
      best === undefined ||
      isBetter(objective.goal, objectiveOf(measurement, objective), objectiveOf(best, objective))
    ) {
      best = measurement;
    }
  }
  return best;
}

/** What the objective of a trial is taken from. */
export interface ObjectiveRule {
  readonly objective: Objective;
  /** How many there are to be. */
  readonly executions: number;
  /** For each execution the epoch that counts; empty for the best ones, which KerasTuner takes. */
  readonly keptEpochs: readonly number[];
}

/**
 * The objective of each execution of a trial: that of its kept epoch. Their mean is the objective of the trial.
 *
 * @returns undefined unless the kept epoch of every execution has been measured
 */
export function executionObjectives(trial: Trial, rule: ObjectiveRule): readonly number[] | undefined {
  const { objective, executions, keptEpochs } = rule;
  const objectives: number[] = [];
  for (let execution = 0; execution < executions; execution++) {
    const own = trial.measurements.filter((measurement) => measurement.execution === execution);
    const kept =
      keptEpochs.length === 0
        ? bestMeasurement(own, objective)
        : own.find(({ epoch }) => epoch === keptEpochs[execution]);
    if (kept === undefined) return undefined;
    objectives.push(objectiveOf(kept, objective));
  }
  return objectives;
}

/** The trial that was chosen as the best; until then the best measured one; undefined if no trial has completed. */
export function bestTrial(study: Study): Trial | undefined {
  return study.bestTrialId === undefined ? bestMeasuredTrial(study) : findTrial(study, study.bestTrialId);
}

/** The completed trial with the best measured objective, the earliest of equals; undefined if no trial has completed. */
export function bestMeasuredTrial(study: Study): Trial | undefined {
  let best: Trial | undefined;
  let bestObjective = 0;
  for (const trial of searchTrials(study)) {
    if (trial.objective === undefined) continue;
    if (best === undefined || isBetter(study.spec.objective.goal, trial.objective, bestObjective)) {
      best = trial;
      bestObjective = trial.objective;
    }
  }
  return best;
}

/** The first number of a measurement that is not finite, by name; undefined if all are. */
export function nonFinite(measurement: Measurement): string | undefined {
  const numbers = { ...measurement.metrics, learning_rate: measurement.learningRate, seconds: measurement.seconds };
  return Object.entries(numbers).find(([, value]) => !Number.isFinite(value))?.[0];
}

/** The (execution, epoch) pairs that may be reported next: the following epoch, or the first of the next execution. */
export function isNext(trial: Trial, measurement: Measurement, executions: number): boolean {
  const last = trial.measurements.at(-1);
  if (!isLeased(trial) || measurement.execution >= executions) return false;
  if (last === undefined) return measurement.execution === 0 && measurement.epoch === 0;
  const following = measurement.execution === last.execution && measurement.epoch === last.epoch + 1;
  const nextExecution = measurement.execution === last.execution + 1 && measurement.epoch === 0;
  return following || nextExecution;
}

function objectiveOf(measurement: Measurement, objective: Objective): number {
  return measurement.metrics[objective.metric] ?? Number.NaN;
}
