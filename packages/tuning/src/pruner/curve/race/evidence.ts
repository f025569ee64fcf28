// The evidence of a trial that waits at a rung of the race.
//
//   n   trials at the rung
//   p   trials that the rung lets pass once no further trial can begin
//   o   trials that have passed and are not among the best p by now: later ones overtook them
//
// The last trial to go on is the one of rank p - o, or of rank floor(n / 4) if that is more.

import { type Goal, objectiveOf } from "../../../objective/goal.js";
import type { Evidence, PruningRequest } from "../../contract/pruner.js";
import type { Rung } from "../../halving/rung.js";
import { hasPassed, passingAt } from "./finalists.js";
import { quarterOf } from "./rungs.js";
import { standingAt } from "./standing.js";

/**
 * Returns the standing of a trial that waits at a rung: its score as the value, and the score of
 * the last trial to go on as the limit. The limit of a trial that is as good is its own score: the
 * trial waits for further trials at the rung.
 *
 * @param rung - epochs of the rung
 * @param finalists - number of finalists of the whole search; undefined for one in 16 trials
 */
export function evidenceAt(rung: number, request: PruningRequest, finalists: number | undefined): Evidence {
  const { trial, others, goal } = request;
  const trials = [...others, trial].sort((a, b) => a.trialNumber - b.trialNumber);
  const standing = standingAt(rung, trials, goal);
  const value = standing.scores[standing.curves.indexOf(trial)] as number;
  const reached = standing.curves.length;
  const passing = passingAt({ rung, reached }, trials, finalists);
  const limit = Math.max(value, limitOf(standing, passing));
  return { pruner: "curve", execution: 0, epoch: rung - 1, ...inUnits({ value, limit }, goal), trials: reached };
}

/** Returns the score of the last trial to go on; that of the best trial if none can. */
function limitOf({ epochs, curves, scores }: Rung, passing: number): number {
  const ranks = curves.map((curve, i) => ({ score: scores[i] as number, isPassed: hasPassed(curve, epochs) }));
  ranks.sort((a, b) => b.score - a.score);
  const overtaken = ranks.slice(passing).filter(({ isPassed }) => isPassed).length;
  const last = Math.max(1, quarterOf(ranks.length), Math.min(ranks.length, passing) - overtaken);
  return (ranks[last - 1] as (typeof ranks)[number]).score;
}

function inUnits({ value, limit }: Pick<Evidence, "value" | "limit">, goal: Goal): Pick<Evidence, "value" | "limit"> {
  return { value: objectiveOf(value, goal), limit: objectiveOf(limit, goal) };
}
