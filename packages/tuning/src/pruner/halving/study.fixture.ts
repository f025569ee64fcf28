// Simulated studies with several trainers, as the coordinator runs them with a pruner that pauses.

import type { Random } from "../../random/random.js";
import type { LearningCurve, Promotion, Pruner } from "../contract/pruner.js";

/** A simulated study. */
export interface SimulatedStudy {
  readonly pruner: Pruner;
  readonly trials: number;
  readonly trainers: number;
  readonly maxEpochs: number;
  /** Probability that a trial fails in an epoch. */
  readonly failures: number;
  /** Probability that a trial ends by itself after an epoch. */
  readonly earlyEnds: number;
  /**
   * Receives each promotion before it takes effect, with all trials; `isLast` is true if only the
   * end of the study brings it.
   */
  readonly onPromotion: (promotion: Promotion, trials: readonly LearningCurve[], isLast: boolean) => void;
}

type Trial = { -readonly [K in keyof LearningCurve]: LearningCurve[K] };

/**
 * Runs a study to its end and returns its trials. A free trainer takes the first promotion, else a
 * new trial. Which trainer reports next is random.
 */
export function runStudy(study: SimulatedStudy, random: Random): readonly LearningCurve[] {
  const trials: Trial[] = [];
  while (advance(study, trials, random));
  for (const trial of trials) if (trial.state === "paused") trial.state = "pruned";
  return trials;
}

/** Lets one thing happen. Returns false at the end of the study. */
function advance(study: SimulatedStudy, trials: Trial[], random: Random): boolean {
  const running = trials.filter(({ state }) => state === "running");
  if (running.length < study.trainers && begin(study, trials)) return true;
  const reporting = running[Math.floor(random.uniform() * running.length)];
  if (reporting !== undefined) {
    report(study, trials, { trial: reporting, random });
    return true;
  }
  const last = promotionsOf(study, trials, true);
  for (const promotion of last) promote(study, trials, promotion, true);
  return last.length > 0;
}

function begin(study: SimulatedStudy, trials: Trial[]): boolean {
  const [promotion] = promotionsOf(study, trials, false);
  if (promotion !== undefined) promote(study, trials, promotion, false);
  else if (trials.length === study.trials) return false;
  else
    trials.push({ trialNumber: trials.length, state: "running", executions: [], learningRates: [], promotedFrom: 0 });
  return true;
}

function report(study: SimulatedStudy, trials: Trial[], { trial, random }: { trial: Trial; random: Random }): void {
  const { maxEpochs } = study;
  const objectives = [...(trial.executions[0] ?? []), random.normal()];
  trial.executions = [objectives];
  trial.learningRates = [objectives.map(() => 0.1)];
  if (random.uniform() < study.failures) trial.state = "ended";
  else if (objectives.length === maxEpochs || random.uniform() < study.earlyEnds) trial.state = "completed";
  else {
    const others = trials.filter((other) => other !== trial);
    const verdict = study.pruner.judge({ goal: "maximize", trial, others, maxEpochs, executions: 1 });
    if (verdict.kind === "pause") trial.state = "paused";
    if (verdict.kind === "promote") {
      promote(study, trials, { trialNumber: trial.trialNumber, rung: verdict.rung }, false);
    }
  }
}

function promote(study: SimulatedStudy, trials: readonly Trial[], promotion: Promotion, isLast: boolean): void {
  study.onPromotion(promotion, trials, isLast);
  const trial = trials[promotion.trialNumber] as Trial;
  trial.state = "running";
  trial.promotedFrom = promotion.rung;
}

function promotionsOf({ pruner, maxEpochs, trials: count }: SimulatedStudy, trials: readonly Trial[], isLast: boolean) {
  const canBegin = trials.length < count;
  return pruner.promotions?.({ goal: "maximize", trials, maxEpochs, canBegin, isLast }) ?? [];
}
