// The front of a study's completed trials, and the trials that keep its limits.

import type { FrontPick } from "../aims/aims.js";
import { isCount } from "../aims/facts.js";
import { pickOf } from "../front/pick.js";
import { type Goal, scoreOf } from "../objective/goal.js";
import type { Observation } from "../objective/observation.js";
import { outcomeHistory } from "../objective/outcome-history.js";
import { type Aims, isWithin, outcomeNames, outcomeOf } from "../objective/outcomes.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { designSpace } from "../space/design-space.js";
import { beliefsAt } from "../surrogate/belief/belief.js";
import { fitOutcomes } from "../surrogate/outcome-models.js";
import type { Expectation } from "./mean-interval.js";
import { type MeasuredFront, measuredFront } from "./measured-front.js";

/** A completed trial with its id and all of its outcomes. */
export interface OutcomeTrial extends Observation {
  readonly id: string;
}

/** An outcome of a trial. */
export interface OutcomeEstimate {
  readonly measured: number;
  /**
   * The outcome expected at the trial's values, without noise; absent without an estimate, and for
   * counts such as `parameters`.
   */
  readonly expected?: Expectation;
}

/** A trial of the front with its outcomes by name. */
export interface FrontMember {
  readonly trialId: string;
  readonly outcomes: Readonly<Record<string, OutcomeEstimate>>;
}

/** The front of a study, or the reason why it has none. */
export type FrontChoice =
  | {
      readonly kind: "front";
      /** In the order of `trials`. */
      readonly members: readonly FrontMember[];
      /** The trial that the rule picks. */
      readonly pickedId: string;
    }
  | NoneWithin;

/** No completed trial keeps the limits. */
export interface NoneWithin {
  readonly kind: "none";
  /** The trial that violates the limits least. */
  readonly nearestId: string;
  /** For a person, without a full stop. */
  readonly reason: string;
}

/** The trials that may be on the front, and the rule that picks one. */
export interface FrontQuestion {
  readonly aims: Aims;
  readonly pick: FrontPick;
  /** In the order of their numbers; at least one. */
  readonly trials: readonly OutcomeTrial[];
}

/**
 * Returns the front: every completed trial that keeps all limits and that no other such trial
 * dominates, each with its outcomes and their 95 % intervals, and the trial that the rule picks.
 *
 * @param request - the study's history; without completed trials, measured outcomes count
 */
export function chooseFront(request: SuggestionRequest, { aims, pick, trials }: FrontQuestion): FrontChoice {
  const measured = frontOf(request, aims, trials);
  if (measured.front.length === 0) return noneWithin(aims, trials, measured);
  const chosen = measured.front.toSorted((a, b) => a - b).map((i) => trials[i] as OutcomeTrial);
  const members = estimates(request, aims, { trials, chosen });
  const goals = aims.objectives.map(({ name, goal }) => ({ name, goal }));
  const losses = members.map(({ outcomes }) => goals.map(({ name, goal }) => -scoreOf(meanOf(outcomes[name]), goal)));
  const weights = pick === "knee" ? pick : goals.map(({ name }) => pick.weights[name] as number);
  return { kind: "front", members, pickedId: members[pickOf(losses, weights)]?.trialId as string };
}

/** Returns the completed trials that keep all limits, or the reason why none does. */
export function trialsWithin<T extends OutcomeTrial>(
  request: SuggestionRequest,
  aims: Aims,
  trials: readonly T[],
): readonly T[] | NoneWithin {
  const measured = frontOf(request, aims, trials);
  return measured.kept.length === 0 ? noneWithin(aims, trials, measured) : measured.kept.map((i) => trials[i] as T);
}

/**
 * Returns the outcomes of chosen trials with their estimates.
 *
 * @param trials - all completed trials, which the estimates are fitted to
 */
export function estimates(
  request: SuggestionRequest,
  aims: Aims,
  { trials, chosen }: { readonly trials: readonly OutcomeTrial[]; readonly chosen: readonly OutcomeTrial[] },
): readonly FrontMember[] {
  const goals = new Map<string, Goal>(aims.objectives.map(({ name, goal }) => [name, goal]));
  const history = withTrials(request, trials);
  const points = chosen.map(({ values }) => values);
  const named = outcomeNames(aims).map((name) => ({
    name,
    beliefs: isCount(name)
      ? undefined
      : beliefsAt(outcomeHistory(history, name, goals.get(name) ?? "minimize"), points),
  }));
  return chosen.map((trial, i) => {
    const outcomes = named.map(({ name, beliefs }) => [name, estimateOf(outcomeOf(trial, name), beliefs?.[i])]);
    return { trialId: trial.id, outcomes: Object.fromEntries(outcomes) };
  });
}

/** JSON has no infinities, and an infinite estimate says nothing. */
function estimateOf(measured: number, belief: Expectation | undefined): OutcomeEstimate {
  if (belief === undefined) return { measured };
  const { mean, low, high } = belief;
  return [mean, low, high].every(Number.isFinite) ? { measured, expected: { mean, low, high } } : { measured };
}

/** Returns the mean of an outcome, or what was measured if there is no estimate. */
export function meanOf(outcome: OutcomeEstimate | undefined): number {
  return outcome?.expected?.mean ?? outcome?.measured ?? Number.NaN;
}

function withTrials(request: SuggestionRequest, trials: readonly OutcomeTrial[]): SuggestionRequest {
  return request.completed.length === 0 ? request : { ...request, completed: trials };
}

function frontOf(request: SuggestionRequest, aims: Aims, trials: readonly OutcomeTrial[]): MeasuredFront {
  const design = designSpace(request.space);
  const isFitted = request.completed.length > 0 && design.dimensions.length > 0;
  const models = isFitted ? fitOutcomes(withTrials(request, trials), aims, design) : undefined;
  const measured = measuredTargets(aims, trials);
  const objectives = measured.objectives.map((own, i) => noisy(models?.objectives[i]) ?? own);
  const limits = measured.limits.map((own, i) => noisy(models?.limits[i]) ?? own);
  return measuredFront({ objectives, limits }, trials.length);
}

/** Returns a model with noise. Without noise, measured outcomes are compared: they are exact. */
function noisy<T extends { readonly noiseVariance: number }>(model: T | undefined): T | undefined {
  return model !== undefined && model.noiseVariance > 0 ? model : undefined;
}

/** Returns measured outcomes in the form of models. */
function measuredTargets({ objectives, limits }: Aims, trials: readonly OutcomeTrial[]) {
  const scores = (name: string, goal: Goal) => ({
    targets: Float64Array.from(trials, (trial) => scoreOf(outcomeOf(trial, name), goal)),
  });
  return {
    objectives: objectives.map(({ name, goal }) => scores(name, goal)),
    limits: limits.map(({ name, comparison, bound }) => {
      const goal = comparison === "<=" ? "minimize" : "maximize";
      return { ...scores(name, goal), bound: scoreOf(bound, goal) };
    }),
  };
}

function noneWithin(
  { limits }: Aims,
  trials: readonly OutcomeTrial[],
  { byViolation: [least = 0] }: MeasuredFront,
): NoneWithin {
  const nearest = trials[least] as OutcomeTrial;
  const broken = limits.filter((limit) => !isWithin(limit, outcomeOf(nearest, limit.name)));
  // Under noise, an expected outcome may violate a limit that the measured one keeps.
  const named = broken.length > 0 ? broken : limits;
  const facts = named.map(({ name, text }) => `${name} ${outcomeOf(nearest, name)}, limit ${text}`);
  const reason = `no completed trial keeps the limits; trial "${nearest.id}" comes nearest: ${facts.join("; ")}`;
  return { kind: "none", nearestId: nearest.id, reason };
}
