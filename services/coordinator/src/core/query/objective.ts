import type { Measurement } from "@sintonia/protocol/measurement";
import { isBetter } from "@sintonia/tuning/objective/goal";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { aimsOfStudy, keepsLimits } from "../outcomes/aims.js";
import { findTrial, isLeased, type Study, type Trial } from "../state/study.js";
import { searchTrials } from "./replicates.js";

type Objective = StudySpec["objective"];

/**
 * Returns the measurement with the best objective, the first of equals; undefined if there is
 * none.
 */
export function bestMeasurement(measurements: Iterable<Measurement>, objective: Objective): Measurement | undefined {
  let best: Measurement | undefined;
  for (const measurement of measurements) {
    if (
      best === undefined ||
      isBetter(objectiveOf(measurement, objective), objectiveOf(best, objective), objective.goal)
    ) {
      best = measurement;
    }
  }
  return best;
}

/**
 * Returns the execution whose weights a completed trial keeps: the best, the first of equals. 0 for
 * a trial without objectives of its executions.
 */
export function keptExecution({ objectives = [] }: Pick<Trial, "objectives">, { goal }: Objective): number {
  return objectives.reduce((best, value, i) => (isBetter(value, objectives[best] as number, goal) ? i : best), 0);
}

/** The rule that derives the objectives of executions from a trial's measurements. */
interface ObjectiveRule {
  readonly objective: Objective;
  /** Number of executions of the trial. */
  readonly executions: number;
  /**
   * For each execution, the epoch whose objective counts; empty to count the best epochs, as
   * KerasTuner does.
   */
  readonly keptEpochs: readonly number[];
}

/**
 * Returns the measurement of the kept epoch of each execution of a trial. Its objective is that of
 * the execution.
 *
 * @returns undefined unless every kept epoch has a measurement
 */
export function keptMeasurements(trial: Trial, rule: ObjectiveRule): readonly Measurement[] | undefined {
  const { objective, executions, keptEpochs } = rule;
  const all: Measurement[] = [];
  const measurements = trial.measurements.slice();
  for (let execution = 0; execution < executions; execution++) {
    const own = measurements.filter((measurement) => measurement.execution === execution);
    const kept =
      keptEpochs.length === 0
        ? bestMeasurement(own, objective)
        : own.find(({ epoch }) => epoch === keptEpochs[execution]);
    if (kept === undefined) return undefined;
    all.push(kept);
  }
  return all;
}

/**
 * Returns the trial that the selection rule chose; before the choice, the best measured trial;
 * undefined if none completed.
 */
export function bestTrial(study: Study): Trial | undefined {
  return study.bestTrialId === undefined ? bestMeasuredTrial(study) : findTrial(study, study.bestTrialId);
}

/**
 * Returns the completed trial with the best objective, the earliest of equals, among those that
 * keep the limits if any does; undefined if no trial completed. Of several objectives the first
 * one counts.
 */
export function bestMeasuredTrial(study: Study): Trial | undefined {
  const aims = aimsOfStudy(study);
  const completed = searchTrials(study).filter(({ objective }) => objective !== undefined);
  const kept = aims === undefined ? completed : completed.filter((trial) => keepsLimits(aims, trial));
  let best: Trial | undefined;
  let bestObjective = 0;
  for (const trial of kept.length > 0 ? kept : completed) {
    const objective = trial.objective as number;
    if (best === undefined || isBetter(objective, bestObjective, study.spec.objective.goal)) {
      best = trial;
      bestObjective = objective;
    }
  }
  return best;
}

/**
 * Returns the name of the first number of a measurement that is not finite; undefined if all are
 * finite.
 */
export function nonFinite(measurement: Measurement): string | undefined {
  const numbers = { ...measurement.metrics, learning_rate: measurement.learningRate, seconds: measurement.seconds };
  return Object.entries(numbers).find(([, value]) => !Number.isFinite(value))?.[0];
}

/**
 * Tells whether a leased trial may report a measurement next: that of the following epoch, or of
 * the first epoch of the next execution.
 */
export function isNext(trial: Trial, measurement: Measurement, executions: number): boolean {
  const last = trial.measurements.at(-1);
  if (!isLeased(trial) || measurement.execution >= executions) return false;
  if (last === undefined) return measurement.execution === 0 && measurement.epoch === 0;
  const following = measurement.execution === last.execution && measurement.epoch === last.epoch + 1;
  const nextExecution = measurement.execution === last.execution + 1 && measurement.epoch === 0;
  return following || nextExecution;
}

/** Returns the objective of an epoch; NaN if the epoch lacks the metric. */
export function objectiveOf(measurement: Measurement, objective: Objective): number {
  return measurement.metrics[objective.metric] ?? Number.NaN;
}
