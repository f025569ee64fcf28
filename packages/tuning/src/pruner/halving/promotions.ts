import { byObjective } from "../../objective/goal.js";
import type { LearningCurve, Promotion, PromotionRequest } from "../contract/pruner.js";
import type { Bracket, BracketPlan } from "./bracket.js";
import { bestOf, objectiveAt, type Rung, rungOf } from "./rung.js";

/**
 * Returns the paused trials to promote: those among the best floor(n / reductionFactor) of the n
 * trials at their rung. In the end at least the best trial of each rung that can still complete is
 * one of them. The highest rung comes first, then the best trial, then the lower number.
 *
 * @see Li et al. 2020, algorithm 2, `get_job`
 */
export function promotionsOf(request: PromotionRequest, plan: BracketPlan): readonly Promotion[] {
  const { trials, maxEpochs, goal } = request;
  const brackets = groupBy(trials, ({ trialNumber }) => plan.bracketOf(trialNumber, maxEpochs));
  const found = [...brackets].flatMap(([bracket, curves]) => promotionsIn(bracket, curves, { ...request, ...plan }));
  const compare = byObjective(goal);
  found.sort((a, b) => b.rung - a.rung || compare(a.objective, b.objective) || a.trialNumber - b.trialNumber);
  return found.map(({ trialNumber, rung }) => ({ trialNumber, rung }));
}

interface FoundPromotion extends Promotion {
  readonly objective: number;
}

function promotionsIn(
  bracket: Bracket,
  curves: readonly LearningCurve[],
  { goal, isLast, reductionFactor }: Pick<PromotionRequest, "goal" | "isLast"> & BracketPlan,
): FoundPromotion[] {
  const waiting = groupBy(curves, (curve) => waitingAt(bracket, curve));
  return [...waiting].flatMap(([epochs, paused]) => {
    if (epochs === undefined) return [];
    const rung = rungOf(epochs, curves, goal);
    const best = bestOf(rung, Math.floor(rung.curves.length / reductionFactor));
    const promoted = new Set([...best, ...(isLast ? leaderOf(rung) : [])]);
    return paused
      .filter((curve) => promoted.has(curve))
      .map((curve) => ({ trialNumber: curve.trialNumber, rung: epochs, objective: objectiveAt(rung, curve) }));
  });
}

/** Returns the epochs of the rung at which a trial waits; undefined if it waits at none. */
function waitingAt({ rungs }: Bracket, { state, executions, promotedFrom }: LearningCurve): number | undefined {
  if (state !== "paused") return undefined;
  const reached = rungs.findLast((epochs) => epochs <= (executions[0]?.length ?? 0));
  return reached !== undefined && reached > promotedFrom ? reached : undefined;
}

/** Returns the best trial of a rung that has completed or can; none if there is no such trial. */
function leaderOf(rung: Rung): readonly LearningCurve[] {
  const alive = rung.curves.filter(({ state }) => state !== "pruned" && state !== "ended");
  return bestOf(rungOf(rung.epochs, alive, rung.goal), Math.min(1, alive.length));
}

function groupBy<K>(curves: readonly LearningCurve[], keyOf: (curve: LearningCurve) => K): Map<K, LearningCurve[]> {
  const groups = new Map<K, LearningCurve[]>();
  for (const curve of curves) {
    const key = keyOf(curve);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [curve]);
    else group.push(curve);
  }
  return groups;
}
