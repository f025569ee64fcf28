import type { SelectionSettings, StudySpec } from "./study-spec.js";

/** Returns the selection settings of a spec, or the default of its oracle. */
export function selectionOf({ selection, oracle }: Pick<StudySpec, "selection" | "oracle">): SelectionSettings {
  return selection ?? { rule: oracle.type === "keras-tuner" ? "observed" : "posterior-mean" };
}

/**
 * Returns the upper limit of a study's trials: its budget plus the executions of the rule
 * `replicate`.
 */
export function trialsMax(spec: Pick<StudySpec, "selection" | "oracle" | "budget">): number {
  const selection = selectionOf(spec);
  return spec.budget.maxTrials + (selection.rule === "replicate" ? selection.top * selection.executions : 0);
}
