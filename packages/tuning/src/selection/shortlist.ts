// The candidates that come into question, with what the model expects of them.

import type { Goal } from "../objective/goal.js";
import { bestExpected } from "../oracle/bayesian/recommendation.js";
import { valuesKey } from "../space/values-key.js";
import { type Belief, beliefsAt } from "../surrogate/belief/belief.js";
import { believable } from "../surrogate/observation/diverged-trials.js";
import type { Candidate, SelectionRequest } from "./selection-request.js";

/**
 * Candidates that are looked at: the best measured ones. A trial behind so many is not the best, and telling them all
 * apart would cost the cube of their number.
 */
const LISTED_MAX = 200;

/** A candidate that may be the best. */
export interface Listed extends Candidate {
  /** What the model believes of its objective, without the noise of a measurement; undefined where there is no model. */
  readonly belief: Belief | undefined;
}

/** 1 where larger is better, -1 where smaller is. */
export function signOf({ known }: Pick<SelectionRequest, "known">): 1 | -1 {
  return known.goal === "maximize" ? 1 : -1;
}

/** The best measured candidates, best first, the earlier of equals first; none that diverged. */
export function shortlist(request: SelectionRequest): readonly Listed[] {
  const sign = signOf(request);
  const candidates = believable(request.candidates, request.known);
  const best = candidates.toSorted((a, b) => sign * (b.objective - a.objective)).slice(0, LISTED_MAX);
  const beliefs = beliefsAt(
    request.known,
    best.map(({ values }) => values),
  );
  return best.map((candidate, i) => ({ ...candidate, belief: beliefs?.[i] }));
}

/**
 * A shortlist by expectation, best first; of equals the better measured one first, as where there is no model. The first is
 * that which the oracle would name (`bestExpected`).
 */
export function byExpectation(listed: readonly Listed[], goal: Goal): readonly Listed[] {
  const expected = listed.map(({ objective, belief }) => ({ objective, mean: belief?.mean ?? objective }));
  const first = listed[bestExpected(expected, goal)];
  const sign = goal === "maximize" ? 1 : -1;
  const meanOf = ({ objective, belief }: Listed) => belief?.mean ?? objective;
  const others = listed.filter((candidate) => candidate !== first);
  return [...(first === undefined ? [] : [first]), ...others.sort((a, b) => sign * (meanOf(b) - meanOf(a)))];
}

/**
 * The trials that are worth new executions: the best expected ones. Of trials with equal values one is enough, for with
 * equal seeds they would give equal results.
 *
 * @returns ids, at most `count`, best first
 */
export function contendersOf(request: SelectionRequest, count: number): readonly string[] {
  const { space } = request.known;
  const firstByKey = new Map<string, string>();
  for (const { id, values } of byExpectation(shortlist(request), request.known.goal)) {
    const key = valuesKey(space, values);
    if (!firstByKey.has(key)) firstByKey.set(key, id);
  }
  return [...firstByKey.values()].slice(0, count);
}
