import type { Evidence, Pruner, PruningRequest, Verdict } from "./contract/pruner.js";
import type { CurveSettings } from "./contract/settings.js";
import { evidenceAt } from "./curve/race/evidence.js";
import { racePromotions } from "./curve/race/race.js";
import { reachedRung, rungBy } from "./curve/race/rungs.js";
import { judgeByRisk } from "./curve/risk.js";
import { lastEpochOf } from "./learning-curve/last-epoch.js";
import { epochText, figureText, trialsText } from "./text/evidence-text.js";

/**
 * Returns the pruner that races trials by their learning curves.
 *
 * - Every trial waits at rungs of 1, 4, 16, ... epochs until it is among the best quarter there, or
 *   one of the finalists (`racePromotions`).
 * - Between rungs a trial ends once the probability that it ends significantly better than the best
 *   completed one is below the risk (`judgeByRisk`). Stated finalists train to their end instead:
 *   they are to find the best of trials that differ by less than the noise.
 */
export function curvePruner({ finalists, risk = finalists === undefined ? RISK : undefined }: CurveSettings): Pruner {
  return {
    judge: (request) => judge(request, finalists, risk),
    promotions: (request) => racePromotions(request, finalists),
    reason: (evidence, metric) =>
      isAtRung(evidence) ? rungReason(evidence, metric) : riskReason(evidence, metric, risk ?? RISK),
  };
}

const RISK = 0.01;

function judge(request: PruningRequest, finalists: number | undefined, risk: number | undefined): Verdict {
  const rung = reachedRung(request.trial);
  if (rung !== undefined) return { kind: "pause", evidence: evidenceAt(rung, request, finalists) };
  const at = lastEpochOf(request.trial);
  // No verdict by risk in a rung's epoch: the epoch tells the two kinds of evidence apart.
  if (risk === undefined || at === undefined || isAtRung(at)) return { kind: "continue" };
  return judgeByRisk(request, risk);
}

function isAtRung({ execution, epoch }: Pick<Evidence, "execution" | "epoch">): boolean {
  return execution === 0 && rungBy(epoch + 1) === epoch + 1;
}

function rungReason(evidence: Evidence, metric: string): string {
  const { value, limit, trials = 1 } = evidence;
  const figure = `In ${epochText(evidence)} its ${metric} was about ${figureText(value)}`;
  if (trials === 1) return `${figure}, as the only trial at this rung, which waited for more.`;
  if (value === limit) return `${figure}, among the best of ${trials} trials at this rung, which waited for more.`;
  return `${figure}; with ${trials} trials at this rung, the limit to go on was ${figureText(limit)}.`;
}

function riskReason(evidence: Evidence, metric: string, risk: number): string {
  const { value, limit, trials = 0 } = evidence;
  const best = `its best ${metric}, ${figureText(value)}`;
  const chance = `left a chance below ${figureText(100 * risk)} % to end better than ${figureText(limit)}`;
  return `In ${epochText(evidence)} ${best}, ${chance}, by the curves of ${trialsText(trials, "completed")}.`;
}
