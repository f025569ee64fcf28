// The outcomes of a study with several objectives or with limits on outcomes.

import { Goal, type Study, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { nonDominated } from "@sintonia/tuning/front/dominance";
import { isWithin, type OutcomeLimit } from "@sintonia/tuning/objective/outcomes";
import type { StudyFigures } from "../data/study-data.js";

/** The part of a study that a plot of outcomes needs. */
export type AimedFigures = StudyFigures & Pick<Study, "objectives" | "limits">;

/** An objective with its goal. */
export interface Aim {
  readonly metric: string;
  readonly goal: Goal;
}

/** The aims of a study. */
export interface StudyAims {
  /** In the order of the spec; one or several. */
  readonly objectives: readonly Aim[];
  readonly limits: readonly OutcomeLimit[];
  /** Names of all outcomes, each once: the objectives first. */
  readonly names: readonly string[];
}

/** Returns the aims of a study; undefined for one objective without limits. */
export function aimsOfStudy({ objectives, limits, objectiveMetric, goal }: AimedFigures): StudyAims | undefined {
  if (objectives.length === 0 && limits.length === 0) return undefined;
  const aims = objectives.length === 0 ? [{ metric: objectiveMetric, goal }] : objectives;
  const parsed = limits.flatMap((limit) => limitOf(limit) ?? []);
  const names = new Set([...aims.map(({ metric }) => metric), ...parsed.map(({ name }) => name)]);
  return { objectives: aims, limits: parsed, names: [...names] };
}

/** Returns the names of the outcomes beside the first objective, in the order of the spec. */
export function furtherNames(study: AimedFigures): readonly string[] {
  return (aimsOfStudy(study)?.names ?? []).filter((name) => name !== study.objectiveMetric);
}

/** Reads a limit that the coordinator has checked. A form of a later version is left out. */
function limitOf(text: string): OutcomeLimit | undefined {
  const [, name, comparison, bound = ""] = /^(.+?)\s*(<=|>=)\s*(\S+)$/.exec(text) ?? [];
  if (name === undefined || (comparison !== "<=" && comparison !== ">=")) return undefined;
  return { text, name, comparison, bound: Number(bound) };
}

/** Returns an outcome of a completed trial; NaN if it has none of that name. */
export function outcomeOf(trial: Trial, name: string): number {
  return trial.outcomes[name] ?? Number.NaN;
}

/** Returns the limits that a trial with outcomes breaks. */
export function brokenLimits(trial: Trial, { limits }: StudyAims): readonly OutcomeLimit[] {
  return limits.filter((limit) => !isWithin(limit, outcomeOf(trial, limit.name)));
}

/** Returns the trials with every outcome, in the order of the list. */
export function trialsWithOutcomes(trials: readonly Trial[], { names }: StudyAims): readonly Trial[] {
  return trials.filter((trial) => names.every((name) => Number.isFinite(outcomeOf(trial, name))));
}

/**
 * Returns the ids of the front: the one that the study chose; before its choice, the trials that
 * keep the limits and that no other such trial beats by the measured objectives.
 */
export function frontIds(study: AimedFigures, trials: readonly Trial[], aims: StudyAims): ReadonlySet<string> {
  if (study.selection !== undefined) return new Set(study.selection.front.map(({ trialId }) => trialId));
  const allowed = trialsWithOutcomes(trials, aims).filter((trial) => brokenLimits(trial, aims).length === 0);
  return new Set(undominated(allowed, aims.objectives).map(({ id }) => id));
}

/** Compares two trials for `sort`: the better one by the first objective comes first. */
export function byFirstObjective({ objectives: [first] }: StudyAims): (a: Trial, b: Trial) => number {
  if (first === undefined) return () => 0;
  const sign = first.goal === Goal.MINIMIZE ? 1 : -1;
  return (a, b) => sign * (outcomeOf(a, first.metric) - outcomeOf(b, first.metric));
}

/** Returns the trials that no other one of the list beats, in its order. */
export function undominated(trials: readonly Trial[], objectives: readonly Aim[]): readonly Trial[] {
  const losses = trials.map((trial) =>
    objectives.map(({ metric, goal }) => (goal === Goal.MINIMIZE ? 1 : -1) * outcomeOf(trial, metric)),
  );
  return nonDominated(losses).flatMap((index) => trials[index] ?? []);
}
