import type { Goal } from "../objective/goal.js";
import type { Aims, NamedObjective } from "../objective/outcomes.js";
import { parseLimit } from "./limit.js";

/** The rule by which one trial of the front is picked; weights are by name of the objective. */
export type FrontPick = "knee" | { readonly weights: Readonly<Record<string, number>> };

/** An objective of several, in a spec. */
export interface ObjectiveField {
  readonly metric: string;
  readonly goal: Goal;
}

/** The fields of a spec that state its aims. */
export interface AimsSpec {
  readonly objective?: { readonly goal: Goal; readonly metric?: unknown } | undefined;
  readonly objectives?: readonly ObjectiveField[] | undefined;
  readonly limits?: readonly string[] | undefined;
  readonly pick?: FrontPick | undefined;
}

/** Name of a single objective without a metric. */
const UNNAMED = "value";

/** Returns the aims of a spec; undefined for one objective without limits. */
export function aimsOf({ objective, objectives, limits = [] }: AimsSpec): Aims | undefined {
  if (objectives === undefined && limits.length === 0) return undefined;
  const metric = objective?.metric;
  const single = { name: typeof metric === "string" ? metric : UNNAMED, goal: objective?.goal ?? "minimize" };
  return {
    objectives: objectives?.map(({ metric: name, goal }): NamedObjective => ({ name, goal })) ?? [single],
    limits: limits.flatMap((limit) => parseLimit(limit) ?? []),
  };
}
