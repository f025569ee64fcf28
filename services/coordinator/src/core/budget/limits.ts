import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";
import type { SpentLimit, Study } from "../state/study.js";

/** The limits of a search, in the order of their names in results. */
export const SEARCH_LIMITS = [
  "maxTrials",
  "maxEpochs",
  "maxSeconds",
  "maxTrainerSeconds",
  "minImprovement",
  "maxGap",
] as const satisfies readonly SearchLimit[];

/** The limits of what a search costs, in contrast to those of what it still improves. */
const COSTS = ["maxTrials", "maxEpochs", "maxSeconds", "maxTrainerSeconds"] as const satisfies readonly SearchLimit[];

type Cost = (typeof COSTS)[number];

/** Tells whether a limit bounds what a search costs. */
export function isCost(limit: SearchLimit): limit is Cost {
  return COSTS.some((cost) => cost === limit);
}

/**
 * Returns the value of a limit: that of the spec, or the one that a person set; undefined for no
 * limit.
 */
export function limitOf({ spec, limits }: Pick<Study, "spec" | "limits">, limit: SearchLimit): number | undefined {
  return limits?.[limit] ?? spec.budget[limit];
}

/** Tells whether a study has another limit of its search than that of its trials. */
export function hasFurtherLimits(study: Study): boolean {
  return SEARCH_LIMITS.some((limit) => limit !== "maxTrials" && limitOf(study, limit) !== undefined);
}

/** Tells whether a limit of the search needs the oracle's outlook. */
export function needsOutlook(study: Study): boolean {
  return SEARCH_LIMITS.some((limit) => !isCost(limit) && limitOf(study, limit) !== undefined);
}

/** Tells whether a use reaches a limit: a cost grows to it, an expectation falls below it. */
export function isReached(limit: SearchLimit, used: number, max: number): boolean {
  return isCost(limit) ? used >= max : used < max;
}

/** Tells whether a wanted limit lets a search go on for longer than another value. */
export function isLarger(limit: SearchLimit, wanted: number, present: number): boolean {
  return isCost(limit) ? wanted > present : wanted < present;
}

const UNITS: Readonly<Record<Cost, string>> = {
  maxTrials: "trial",
  maxEpochs: "epoch",
  maxSeconds: "second",
  maxTrainerSeconds: "trainer second",
};

/** Returns a limit with its unit or name, such as "500 epochs" or "minImprovement 0.001". */
export function limitText(limit: SearchLimit, max: number): string {
  if (!isCost(limit)) return `${limit} ${max}`;
  return `${max.toLocaleString("en-US", { maximumFractionDigits: 3 })} ${UNITS[limit]}${max === 1 ? "" : "s"}`;
}

/** Returns the reason for which a trial is cancelled once a limit is reached. */
export function spentText({ limit, max }: Pick<SpentLimit, "limit" | "max">): string {
  return `The budget of ${limitText(limit, max)} was spent.`;
}

/** Returns the end of a search, such as "Ended by its budget of 9 epochs after 2 trials." */
export function endText({ limit, max, outlook }: SpentLimit, trials: number): string {
  const made = limitText("maxTrials", trials);
  if (isCost(limit)) return `Ended by its budget of ${limitText(limit, max)} after ${made}.`;
  const [what, value] =
    limit === "minImprovement"
      ? ["the oracle expects an improvement of", outlook?.expectedImprovement]
      : ["the best trial is near the best possible objective, by", outlook?.gap];
  return `Ended after ${made}: ${what} ${value?.toPrecision(3)}, below budget.${limit} of ${max}.`;
}
