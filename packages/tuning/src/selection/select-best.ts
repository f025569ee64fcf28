import type { SelectionRule } from "../spec/study-spec.js";
import { objectiveDraws } from "../surrogate/belief/belief.js";
import type { Expectation } from "./mean-interval.js";
import { comparable, freshExpectation, isTiedInPairs, type Replicated } from "./replicates.js";
import type { SelectionRequest } from "./selection-request.js";
import { byExpectation, type Listed, shortlist, signOf } from "./shortlist.js";
import { isTied } from "./ties.js";

/** The share of draws in a tail of 2.5 % is then known to 0.25 % (one standard error). */
const DRAWS = 4_000;

/** Which trial was chosen as the best, how, and how sure that is. Objectives are in their own units. */
export interface Selection {
  /** The rule that decided; another than the spec's where that one could not be followed. */
  readonly rule: SelectionRule;
  readonly trialId: string;
  /** What is believed of the objective of the trial's values, without the noise of one training; undefined where nothing is known of it. */
  readonly expected?: Expectation;
  /**
   * Other trials whose objective cannot be told from that of the chosen one: the 95 % interval of the difference contains 0.
   * In the order of trial numbers; of the 200 best measured ones, or of those executed again.
   */
  readonly tied: readonly string[];
  /** The trial with the best measured objective, which luck has helped. */
  readonly bestMeasured: {
    readonly trialId: string;
    /** How much better it was measured than is believed of it; undefined where nothing is believed. */
    readonly optimism?: number;
    /** Of how many trials it was the best. */
    readonly count: number;
  };
  /** Why the spec's rule could not be followed; one sentence for a person. */
  readonly note?: string;
}

/** A trial with the reasons to choose it. */
type Choice = Omit<Selection, "bestMeasured">;

/**
 * Chooses the best of a study's completed trials by a rule:
 *
 * - `posterior-mean`: the best expected one by the Bayesian oracle's model, for the best measured one is partly luck;
 * - `observed`: the best measured one, the earliest of equals;
 * - `replicate`: the best one on the mean of its new executions.
 *
 * A rule that cannot be followed gives way to the one before it, `posterior-mean` to `observed`. A function of the
 * request: the same request gives the same selection, bit for bit.
 */
export function selectBest(request: SelectionRequest): Selection {
  const listed = shortlist(request);
  const [best] = listed as [Listed, ...Listed[]];
  const replicated = comparable(request.contenders ?? []);
  const again = replicated.find(({ id }) => id === best.id);
  const believed = (again === undefined ? best.belief : freshExpectation(again))?.mean;
  const gain = believed === undefined ? Number.NaN : signOf(request) * (best.objective - believed);
  const optimism = Number.isFinite(gain) ? { optimism: gain } : {};
  const bestMeasured = { trialId: best.id, count: request.candidates.length, ...optimism };
  const { expected, ...choice } = choose(request, listed, replicated);
  // What is not finite cannot be recorded, and says nothing.
  const isTold = expected !== undefined && [expected.mean, expected.low, expected.high].every(Number.isFinite);
  return { ...choice, ...(isTold ? { expected } : {}), bestMeasured };
}

function choose(request: SelectionRequest, listed: readonly Listed[], replicated: readonly Replicated[]): Choice {
  const { rule } = request;
  if (rule === "replicate" && replicated.length > 0) return choiceByReplicates(request, replicated);
  const hasModel = listed.every(({ belief }) => belief !== undefined);
  const used = rule === "observed" || !hasModel ? "observed" : "posterior-mean";
  const choice = choiceByModel(request, used === "observed" ? listed : byExpectation(listed, request.known.goal));
  return used === rule ? { rule, ...choice } : { rule: used, ...choice, note: noteOf(rule, used) };
}

/** @param ranked - best first */
function choiceByModel(request: SelectionRequest, ranked: readonly Listed[]): Omit<Choice, "rule"> {
  const [chosen, ...others] = ranked as [Listed, ...Listed[]];
  if (chosen.belief === undefined) return { trialId: chosen.id, tied: [] };
  const values = ranked.map((candidate) => candidate.values);
  // Where rounding leaves no draws, no two trials can be told apart.
  const draws = objectiveDraws(request.known, values, DRAWS);
  const tied = others.filter((_, i) => draws === undefined || isTied(draws, 0, i + 1));
  return { trialId: chosen.id, expected: chosen.belief, tied: inOrder(request, tied) };
}

function choiceByReplicates(request: SelectionRequest, replicated: readonly Replicated[]): Choice {
  const sign = signOf(request);
  const ranked = replicated
    .map((contender) => ({ ...contender, expected: freshExpectation(contender) }))
    .sort((a, b) => sign * (b.expected.mean - a.expected.mean));
  const [chosen, ...others] = ranked as [(typeof ranked)[0], ...typeof ranked];
  const tied = others.filter((other) => isTiedInPairs(chosen, other));
  return { rule: "replicate", trialId: chosen.id, expected: chosen.expected, tied: inOrder(request, tied) };
}

/** Their ids, in the order of trial numbers. */
function inOrder({ candidates }: SelectionRequest, trials: readonly { readonly id: string }[]): readonly string[] {
  const ids = new Set(trials.map(({ id }) => id));
  return candidates.flatMap(({ id }) => (ids.has(id) ? [id] : []));
}

function noteOf(rule: SelectionRule, used: SelectionRule): string {
  const reason =
    rule === "replicate" ? "New executions do not tell the best trials apart" : "There are too few trials for a model";
  return used === "observed"
    ? `${reason}; the best measured trial was chosen.`
    : `${reason}; the trial with the best posterior mean was chosen.`;
}
