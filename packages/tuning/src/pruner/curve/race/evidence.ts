// The evidence of a trial that waits at a rung of the race.
//
//   n   trials at the rung
//   p   trials that the rung lets pass once no further trial can begin
//   o   trials that have passed and are not among the best p by now: later ones overtook them
//
// The last trial to go on is the one of rank p - o, or of rank floor(n / 4) if that is more.

import { isBetter, objectiveOf, scoreOf } from "../../../objective/goal.js";
import type { Evidence, PruningRequest } from "../../contract/pruner.js";
import { limitObjective, type Rung } from "../../halving/rung.js";
import { inOrder } from "../../learning-curve/in-order.js";
import { hasPassed, passingAt } from "./finalists.js";
import { quarterOf } from "./rungs.js";
import { standingAt } from "./standing.js";

/**
 * Returns the standing of a trial that waits at a rung: its score as the value, and the score of
 * the last trial to go on as the limit. If the value is better than that score, the trial waits for
 * further trials at the rung, and the value is the limit too.
 *
 * @param epochs - epochs of the rung
 * @param finalists - number of finalists of the whole search; undefined for one in 16 trials
 */
export function evidenceAt(epochs: number, request: PruningRequest, finalists: number | undefined): Evidence {
  const { trial, others, goal } = request;
  const all = inOrder(others, trial);
  const rung = standingAt(epochs, all, goal);
  const trials = rung.curves.length;
  const passing = passingAt({ rung: epochs, reached: trials }, all, finalists);
  const last = limitObjective(rung, lastRank(rung, Math.min(trials, passing)));
  const value = objectiveOf(rung.scores[rung.curves.indexOf(trial)] as number, goal);
  const limit = isBetter(value, last, goal) ? value : last;
  return { pruner: "curve", execution: 0, epoch: epochs - 1, value, limit, trials };
}

/** Returns the rank of the last trial to go on, from 1; that of the best trial if none can. */
function lastRank(rung: Rung, passing: number): number {
  const cut = scoreOf(limitObjective(rung, passing), rung.goal);
  const overtaken = rung.curves.filter(
    (curve, i) => hasPassed(curve, rung.epochs) && (rung.scores[i] as number) < cut,
  ).length;
  return Math.max(1, quarterOf(rung.curves.length), passing - overtaken);
}
