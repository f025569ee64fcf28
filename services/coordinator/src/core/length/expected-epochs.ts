import { expectedEpochs, type Stopping } from "@sintonia/tuning/plan/length/early-stopping";
import { stoppingOfPlan } from "@sintonia/tuning/plan/length/stopping-of-plan";
import { bestMeasurement } from "../query/objective.js";
import { executionsOf, trialPlan } from "../query/trial-plan.js";
import { hasEnded, type Study, type Trial } from "../state/study.js";

type Planned = Pick<Study, "spec" | "trials">;

/** The stopping of each trial, by its values: every state of a trial has the same object. */
const stoppings = new WeakMap<Trial["values"], Stopping | "unknown">();

/**
 * Returns the epochs of all executions that a trial has if it trains to its end: those so far, and
 * those that early stopping lets expect.
 *
 * @returns undefined for a trial that has ended, for a test run, for values without a plan, and for
 *   a program that states no number of epochs
 */
export function expectedEpochsOf(study: Planned, trial: Trial): number | undefined {
  if (hasEnded(trial) || trial.tests !== undefined) return undefined;
  const stopping = stoppingOf(study, trial);
  if (stopping === "unknown") return undefined;
  const execution = trial.measurements.at(-1)?.execution ?? 0;
  const own = trial.measurements.slice().filter((measurement) => measurement.execution === execution);
  const best = stopping.monitored && bestMeasurement(own, stopping.monitored);
  const present = expectedEpochs(stopping, { best: best === undefined ? 0 : best.epoch + 1, epochs: own.length });
  const later = executionsOf(study, trial) - 1 - execution;
  const fresh = later === 0 ? 0 : expectedEpochs(stopping, { best: 0, epochs: 0 });
  return trial.measurements.length - own.length + present + later * fresh;
}

function stoppingOf(study: Planned, trial: Trial): Stopping | "unknown" {
  const old = stoppings.get(trial.values);
  if (old !== undefined) return old;
  const result = trialPlan(study, trial);
  const stopping = (result.ok ? stoppingOfPlan(result.plan) : undefined) ?? "unknown";
  stoppings.set(trial.values, stopping);
  return stopping;
}
