// A budget needs a limit of trials only where no other limit ends the search. The limits of
// improvement need the Bayesian oracle.

import { type Finding, valueAtPath } from "../../../validation/problems.js";
import { BUDGET_TRIALS_MAX, LIMIT_SCHEMAS } from "../../schema.js";
import { isRecord } from "../../template/references.js";

const LIMITS = Object.keys(LIMIT_SCHEMAS);

/** Fills in `budget.maxTrials` of a budget with another limit of the search. */
export function withTrialLimit(spec: unknown): unknown {
  if (!isRecord(spec) || !isRecord(spec["budget"])) return spec;
  const { budget } = spec;
  if (budget["maxTrials"] !== undefined || !LIMITS.some((limit) => Object.hasOwn(budget, limit))) return spec;
  return { ...spec, budget: { ...budget, maxTrials: BUDGET_TRIALS_MAX } };
}

/** Refuses limits of improvement with other oracles, several objectives, or limits on outcomes. */
export function improvementFindings(spec: Readonly<Record<string, unknown>>): Finding[] {
  const type = valueAtPath(spec, ["oracle", "type"]) ?? spec["oracle"] ?? "bayesian";
  const isPlain = spec["objectives"] === undefined && (spec["limits"] === undefined || isEmpty(spec["limits"]));
  if (type === "bayesian" && isPlain) return [];
  return (["minImprovement", "maxGap"] as const).flatMap((limit) => {
    const path = ["budget", limit];
    const received = valueAtPath(spec, path);
    const expected = "nothing: only the Bayesian oracle of one objective without limits expects improvements";
    return received === undefined ? [] : [{ path, received, expected }];
  });
}

function isEmpty(limits: unknown): boolean {
  return Array.isArray(limits) && limits.length === 0;
}
