// The answer "best" of a study with several objectives or with limits: the front as a set.

import { pickOf } from "../../front/pick.js";
import { scoreOf } from "../../objective/goal.js";
import type { Observation } from "../../objective/observation.js";
import { outcomeHistory } from "../../objective/outcome-history.js";
import { type Aims, isWithin, outcomeNames, outcomeOf } from "../../objective/outcomes.js";
import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import { measuredFront } from "../../selection/measured-front.js";
import { designSpace } from "../../space/design-space.js";
import { type Belief, beliefsAt } from "../../surrogate/belief/belief.js";
import { fitOutcomes } from "../../surrogate/outcome-models.js";
import type { FrontPick } from "./aims-schema.js";

/** A completed trial with its id. */
export interface FrontTrial extends Observation {
  readonly id: string;
}

/** The question: the aims, the rule of the pick, and the trials that may be on the front. */
export interface FrontQuestion {
  readonly aims: Aims;
  readonly pick: FrontPick;
  /** In the order of the completed trials of the request. */
  readonly trials: readonly FrontTrial[];
}

/**
 * Answers with the front: every completed trial that keeps all limits and that no other such trial
 * dominates, each with its told outcomes, its expected outcomes and their 95 % intervals; and the
 * id of one trial, picked by the rule. Answers with an error if no trial keeps the limits.
 */
export function bestFront(request: SuggestionRequest, { aims, pick, trials }: FrontQuestion): Record<string, unknown> {
  const [first] = trials;
  if (first === undefined) return { error: 'no trial has completed; tell the "outcomes" of one first' };
  const history = { ...request, completed: trials };
  const design = designSpace(request.space);
  const models = design.dimensions.length === 0 ? undefined : fitOutcomes(history, aims, design);
  const { front, byViolation } = measuredFront(models ?? toldModels(aims, trials), trials.length);
  if (front.length === 0) return { error: noneKeepsLimits(aims, trials[byViolation[0] ?? 0] ?? first) };
  const members = front.map((i) => trials[i] as FrontTrial).sort((a, b) => Number(a.id) - Number(b.id));
  const beliefs = beliefsOf(history, aims, members);
  const rows = members.map(({ id, values, ...member }, i) => {
    const named = outcomeNames(aims).map((name) => ({
      name,
      told: outcomeOf(member, name),
      belief: beliefs[name]?.[i],
    }));
    return {
      id,
      values,
      outcomes: byName(named, ({ told }) => told),
      mean: byName(named, ({ told, belief }) => belief?.mean ?? told),
      interval: byName(named, ({ belief }) => (belief === undefined ? null : [belief.low, belief.high])),
    };
  });
  const losses = rows.map(({ mean }) => aims.objectives.map(({ name, goal }) => -scoreOf(mean[name] as number, goal)));
  const weights = pick === "knee" ? pick : aims.objectives.map(({ name }) => pick.weights[name] as number);
  const rule = pick === "knee" ? "knee" : "weights";
  return { front: rows, pick: { id: rows[pickOf(losses, weights)]?.id, rule } };
}

function byName<T extends { readonly name: string }, V>(items: readonly T[], value: (item: T) => V): Record<string, V> {
  return Object.fromEntries(items.map((item) => [item.name, value(item)]));
}

/** Returns told outcomes in the form of models, where no surrogate can be fitted. */
function toldModels({ objectives, limits }: Aims, trials: readonly FrontTrial[]) {
  const scores = (name: string, goal: "maximize" | "minimize") => ({
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

/** Returns the posterior of each outcome at the trials of the front, where there is one. */
function beliefsOf(history: SuggestionRequest, aims: Aims, members: readonly FrontTrial[]): Record<string, Belief[]> {
  const goals = new Map<string, "maximize" | "minimize">(aims.objectives.map(({ name, goal }) => [name, goal]));
  const points = members.map(({ values }) => values);
  const entries = outcomeNames(aims).map((name) => {
    const beliefs = beliefsAt(outcomeHistory(history, name, goals.get(name) ?? "minimize"), points);
    return [name, beliefs ?? []] as const;
  });
  return Object.fromEntries(entries);
}

function noneKeepsLimits({ limits }: Aims, nearest: FrontTrial): string {
  const broken = limits.filter((limit) => !isWithin(limit, outcomeOf(nearest, limit.name)));
  const facts = broken.map(({ name, text }) => `${name} ${outcomeOf(nearest, name)}, limit ${text}`);
  return `no completed trial keeps the limits; trial "${nearest.id}" comes nearest: ${facts.join("; ")}`;
}
