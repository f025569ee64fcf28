import type { SearchLimit, SearchLimits } from "@sintonia/tuning/spec/study-spec";
import type { SpentLimit, Study } from "../state/study.js";

/** The limits of a search, in the order of their names in results. */
export const SEARCH_LIMITS = [
  "maxTrials",
  "maxEpochs",
  "maxSeconds",
  "maxTrainerSeconds",
] as const satisfies readonly SearchLimit[];

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

const UNITS: Readonly<Record<keyof SearchLimits, string>> = {
  maxTrials: "trial",
  maxEpochs: "epoch",
  maxSeconds: "second",
  maxTrainerSeconds: "trainer second",
};

/** Returns a limit with its unit, such as "500 epochs". */
export function limitText(limit: SearchLimit, max: number): string {
  return `${max.toLocaleString("en-US", { maximumFractionDigits: 3 })} ${UNITS[limit]}${max === 1 ? "" : "s"}`;
}

/** Returns the reason for which a trial is cancelled once a limit is reached. */
export function spentText({ limit, max }: SpentLimit): string {
  return `The budget of ${limitText(limit, max)} was spent.`;
}
