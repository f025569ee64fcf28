// The verdicts of a dialogue's pruner on its trials.

import type { Goal } from "../../objective/goal.js";
import type { Evidence, LearningCurve, Promotion, Pruner, Verdict } from "../../pruner/contract/pruner.js";
import type { PrunerSettings } from "../../pruner/contract/settings.js";
import { createPruner } from "../../pruner/registry.js";
import { verdictOf } from "../../pruner/verdict.js";
import type { SearchSpace } from "../../space/parameter.js";
import { greatestMaxEpochs, resolveMaxEpochs } from "../../spec/resolve.js";
import { learningCurves, type TrainedTrial } from "./learning-curves.js";

/** The part of a spec that the verdicts depend on. */
export interface PrunedSpec {
  readonly parameters: SearchSpace;
  readonly objective: { readonly goal: Goal; readonly metric?: unknown };
  readonly pruner?: PrunerSettings | undefined;
  readonly training?: unknown;
}

/** The pruner of a spec, and the arguments that all of its verdicts share. */
interface Pruning {
  readonly pruner: Pruner;
  readonly shared: { readonly goal: Goal; readonly maxEpochs: number | undefined };
}

/** The pruning of each spec. A spec never changes, so each is made once. */
const known = new WeakMap<PrunedSpec, Pruning>();

function pruningOf(spec: PrunedSpec): Pruning {
  const pruning = known.get(spec) ?? {
    pruner: createPruner(spec.pruner ?? { type: "none" }),
    shared: { goal: spec.objective.goal, maxEpochs: greatestMaxEpochs(spec) },
  };
  known.set(spec, pruning);
  return pruning;
}

/**
 * Judges a pending trial after its last reported epoch. A trial at its last epoch goes on: nothing
 * would be saved.
 */
export function verdictOn(spec: PrunedSpec, trials: readonly TrainedTrial[], number: number): Verdict {
  const { pruner, shared } = pruningOf(spec);
  const trial = trials[number] as TrainedTrial;
  const epochs = trial.training?.objectives.length ?? 0;
  if (epochs >= (resolveMaxEpochs(spec, trial.values) ?? Number.POSITIVE_INFINITY)) return { kind: "continue" };
  const curves = learningCurves(trials);
  const others = curves.filter(({ trialNumber }) => trialNumber !== number);
  const request = { ...shared, trial: curves[number] as LearningCurve, others, executions: 1 };
  // The program may ask for another trial at any time.
  return verdictOf(pruner, request, () => ({ canBegin: true, isLast: false }));
}

/**
 * Returns the paused trials that may go on now, best first.
 *
 * @param isLast - true if no trial is under way and none can begin: at least one must go on
 */
export function promotions(spec: PrunedSpec, trials: readonly TrainedTrial[], isLast: boolean): readonly Promotion[] {
  const { pruner, shared } = pruningOf(spec);
  if (pruner.promotions === undefined || !trials.some(({ state }) => state === "paused")) return [];
  return pruner.promotions({ ...shared, trials: learningCurves(trials), canBegin: !isLast, isLast });
}

/** Says in one line for a person why a trial was stopped or paused. */
export function reasonOf(spec: PrunedSpec, evidence: Evidence): string {
  const { metric } = spec.objective;
  return pruningOf(spec).pruner.reason(evidence, typeof metric === "string" ? metric : "value");
}
