// The verdicts of a study's pruner on its trials.

import { isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import type {
  Evidence,
  Promotion,
  Pruner,
  PruningRequest,
  SearchStage,
  Verdict,
} from "@sintonia/tuning/pruner/contract/pruner";
import type { PrunerSettings } from "@sintonia/tuning/pruner/contract/settings";
import { createPruner } from "@sintonia/tuning/pruner/registry";
import { verdictOf } from "@sintonia/tuning/pruner/verdict";
import { greatestMaxEpochs } from "@sintonia/tuning/spec/resolve";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { learningCurve } from "../curves/learning-curve.js";
import { furtherTrials } from "../points/further.js";
import { executionsOf, hasAllEpochs } from "../query/trial-plan.js";
import { isOfSearch } from "../spending/lease-time.js";
import type { Study, Trial } from "../state/study.js";
import { learningCurves } from "./learning-curves.js";

const GOES_ON: Verdict = { kind: "continue" };

/** The pruner of a study, and the arguments that all of its verdicts share. */
interface Pruning {
  readonly pruner: Pruner;
  readonly shared: Pick<PruningRequest, "goal" | "maxEpochs" | "rows">;
}

/** The pruning of each spec that has a pruner. A spec never changes, so each is made once. */
const known = new WeakMap<StudySpec, Pruning>();

function pruningOf({ spec }: Study): Pruning | undefined {
  if (!hasPruner(spec)) return undefined;
  const pruning = known.get(spec) ?? {
    pruner: createPruner(spec.pruner),
    shared: { goal: spec.objective.goal, maxEpochs: greatestMaxEpochs(spec), rows: scoredRows(spec) },
  };
  known.set(spec, pruning);
  return pruning;
}

/** Tells whether a spec has a pruner that ends trials. */
export function hasPruner(spec: StudySpec): spec is StudySpec & { readonly pruner: PrunerSettings } {
  return spec.pruner !== undefined && spec.pruner.type !== "none";
}

/** Says in one line for a person why a trial was pruned. */
export function reasonOf(study: Study, evidence: Evidence): string {
  return pruningOf(study)?.pruner.reason(evidence, study.spec.objective.metric) ?? "";
}

/**
 * Judges a running trial of the search after its last reported epoch. A trial at the last epoch of
 * its plan goes on: nothing would be saved.
 */
export function verdictOn(study: Study, trial: Trial): Verdict {
  const pruning = pruningOf(study);
  if (pruning === undefined || !isOfSearch(trial)) return GOES_ON;
  if (trial.measurements.length === 0 || hasAllEpochs(study, trial)) return GOES_ON;
  const executions = executionsOf(study, trial);
  const others = learningCurves(study).filter(({ trialNumber }) => trialNumber !== trial.number);
  const curve = learningCurve(trial, study.spec.objective);
  const request: PruningRequest = { ...pruning.shared, trial: curve, others, executions };
  return verdictOf(pruning.pruner, request, () => stageOf(withPaused(study, trial)));
}

/** Returns the study as it is once a running trial is paused. */
function withPaused(study: Study, trial: Trial): Study {
  const trials = study.trials.with(trial.number, { ...trial, state: "paused" });
  return { ...study, trials, outstandingCount: study.outstandingCount - 1 };
}

/**
 * Returns the number of validation rows if the objective is the share of correct ones; undefined if
 * the number is unknown.
 */
function scoredRows({ dataset, objective }: StudySpec): number | undefined {
  if (objective.metric !== "val_accuracy" || dataset === undefined || isFileDataSet(dataset)) return undefined;
  const [first = 0, end = 0] = dataset.split.validation ?? [];
  return end > first ? end - first : undefined;
}

/** Returns the paused trials that may go on now, best first. */
export function promotions(study: Study): readonly Promotion[] {
  const { pruner, shared } = pruningOf(study) ?? {};
  if (pruner?.promotions === undefined || shared === undefined) return [];
  if (!study.trials.some(({ state }) => state === "paused")) return [];
  return pruner.promotions({ ...shared, trials: learningCurves(study), ...stageOf(study) });
}

function stageOf(study: Study): SearchStage {
  const canBegin = furtherTrials(study) > 0;
  return { canBegin, isLast: study.outstandingCount === 0 && !canBegin };
}
