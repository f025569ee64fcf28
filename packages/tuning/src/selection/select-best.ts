import { signOf } from "../objective/goal.js";
import { type MetricRange, UNBOUNDED } from "../plan/metric.js";
import type { SelectionRule } from "../spec/study-spec.js";
import { objectiveDraws } from "../surrogate/belief/belief.js";
import type { FrontMember } from "./front-choice.js";
import type { Expectation } from "./mean-interval.js";
import { bestMeasured, type RankedTrial, type Ranking, rankMeasured } from "./ranking.js";
import { comparable, freshExpectation, isTiedInPairs, type Replicated } from "./replicates.js";
import type { CompletedTrial, SelectionRequest } from "./selection-request.js";
import { isTied } from "./ties.js";

/**
 * Number of joint draws of the objectives. The standard error of a tail of 2.5 % is then 0.25 %.
 */
const DRAWS = 4_000;

/** The rule that picked the trial from the front of several objectives. */
export type PickRuleName = "knee" | "weights";

/**
 * The trial chosen as the best, the rule that chose it, and how certain the choice is. Objectives
 * are in their own units.
 */
export interface Selection {
  /** The rule that decided; not the spec's if that rule was not applicable (see `note`). */
  readonly rule: SelectionRule | PickRuleName;
  readonly trialId: string;
  /**
   * The objective expected at the trial's values, without the noise of one training; absent if
   * there is no estimate.
   */
  readonly expected?: Expectation;
  /**
   * Trials statistically tied with the chosen one: the 95 % interval of the difference of their
   * objectives contains 0. In the order of trial numbers. Only the 200 best measured trials, or
   * the contenders, are compared.
   */
  readonly tied: readonly string[];
  /** The trial with the best measured objective. Luck helped it to that place. */
  readonly bestMeasured: {
    readonly trialId: string;
    /**
     * By how much the measured objective is better than the expected one; absent if there is no
     * estimate.
     */
    readonly optimism?: number;
    /** Number of completed trials. */
    readonly count: number;
  };
  /** Why the spec's rule was not applicable; one sentence for a person. */
  readonly note?: string;
  /**
   * The front of several objectives, in the order of trial numbers; with limits on outcomes beside
   * one objective, the chosen trial alone. Empty if no trial keeps the limits, absent without
   * several objectives and limits.
   */
  readonly front?: readonly FrontMember[];
}

/** A selection without the comparison to the best measured trial. */
interface Choice extends Omit<Selection, "bestMeasured" | "rule"> {
  readonly rule: SelectionRule;
}

type Ranked = RankedTrial<CompletedTrial>;

/**
 * Chooses the best of a study's completed trials by a rule:
 *
 * - `posterior-mean`: the trial with the best posterior mean under the Bayesian oracle's surrogate;
 * - `observed`: the trial with the best measured objective, the earliest of equals;
 * - `replicate`: the contender with the best mean over its new executions.
 *
 * A rule that is not applicable gives way: `replicate` to `posterior-mean`, `posterior-mean` to
 * `observed`. Expected objectives are clipped to the metric's range, which the surrogate does not
 * know. The selection is a function of the request, bit for bit.
 */
export function selectBest(request: SelectionRequest): Selection {
  const { history, trials, range = UNBOUNDED } = request;
  const measured = bestMeasured(history, trials);
  const [best] = measured as [Ranked, ...Ranked[]];
  const replicated = comparable(request.contenders ?? []);
  const again = replicated.find(({ id }) => id === best.id);
  const { expected, ...choice } = choose(request, measured, replicated);
  const mean = expected && (again === undefined ? best.belief : freshExpectation(again))?.mean;
  const gain = mean === undefined ? Number.NaN : signOf(history.goal) * (best.objective - clip(mean, range));
  const optimism = Number.isFinite(gain) ? { optimism: gain } : {};
  // JSON has no infinities, and an infinite estimate says nothing.
  const hasEstimate = expected !== undefined && [expected.mean, expected.low, expected.high].every(Number.isFinite);
  return {
    ...choice,
    ...(hasEstimate ? { expected: clipped(expected, range) } : {}),
    bestMeasured: { trialId: best.id, count: trials.length, ...optimism },
  };
}

function choose(request: SelectionRequest, measured: readonly Ranked[], replicated: readonly Replicated[]): Choice {
  const { rule, history } = request;
  if (rule === "replicate" && replicated.length > 0) return choiceByReplicates(request, replicated);
  if (rule === "observed") return { rule, ...choiceOfFirst(request, measured) };
  const { ranked, reason } = rankMeasured(history, measured);
  const used = reason === undefined ? "posterior-mean" : "observed";
  const choice = choiceOfFirst(request, ranked);
  return used === rule ? { rule, ...choice } : { rule: used, ...choice, note: noteOf(rule, reason) };
}

function clipped({ mean, low, high }: Expectation, range: MetricRange): Expectation {
  return { mean: clip(mean, range), low: clip(low, range), high: clip(high, range) };
}

function clip(value: number, { min, max }: MetricRange): number {
  return Math.min(max, Math.max(min, value));
}

/** @param ranked - best first */
function choiceOfFirst(request: SelectionRequest, ranked: readonly Ranked[]): Omit<Choice, "rule"> {
  const [chosen, ...others] = ranked as [Ranked, ...Ranked[]];
  if (chosen.belief === undefined) return { trialId: chosen.id, tied: [] };
  const values = ranked.map((trial) => trial.values);
  const draws = objectiveDraws(request.history, values, DRAWS);
  // If rounding errors leave no draws, no trial can be distinguished from another.
  const tied = others.filter((_, i) => draws === undefined || isTied(draws, 0, i + 1));
  return { trialId: chosen.id, expected: chosen.belief, tied: idsInOrder(request, tied) };
}

function choiceByReplicates(request: SelectionRequest, replicated: readonly Replicated[]): Choice {
  const sign = signOf(request.history.goal);
  const ranked = replicated
    .map((contender) => ({ ...contender, expected: freshExpectation(contender) }))
    .sort((a, b) => sign * (b.expected.mean - a.expected.mean));
  const [chosen, ...others] = ranked as [(typeof ranked)[0], ...typeof ranked];
  const tied = others.filter((other) => isTiedInPairs(chosen, other));
  return { rule: "replicate", trialId: chosen.id, expected: chosen.expected, tied: idsInOrder(request, tied) };
}

/** Returns the ids of some trials in the order of trial numbers. */
function idsInOrder(request: SelectionRequest, some: readonly { readonly id: string }[]): readonly string[] {
  const ids = new Set(some.map(({ id }) => id));
  return request.trials.flatMap(({ id }) => (ids.has(id) ? [id] : []));
}

const REASONS: Readonly<Record<Exclude<Ranking<unknown>["reason"], undefined>, string>> = {
  "no-surrogate": "There are too few trials for a model",
  "few-trials": "There are too few trials to tell noise from the effects of the parameters",
  ratio: "Noise does not explain how far the best measured trial is ahead",
};

function noteOf(rule: SelectionRule, reason: Ranking<unknown>["reason"]): string {
  const others = "The new executions do not suffice to compare trials";
  if (reason === undefined) return `${others}; the trial with the best posterior mean was chosen.`;
  return `${rule === "replicate" ? others : REASONS[reason]}; the best measured trial was chosen.`;
}
