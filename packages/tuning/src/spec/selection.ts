import type { SelectionSettings, StudySpec } from "./study-spec.js";

/** How a study chooses its best trial: as its spec says, or by the default of its oracle. */
export function selectionOf({ selection, oracle }: Pick<StudySpec, "selection" | "oracle">): SelectionSettings {
  return selection ?? { rule: oracle.type === "keras-tuner" ? "observed" : "posterior-mean" };
}

/** Trials that a study makes at most: those of its oracle, and the executions that its selection rule adds. */
export function trialsMax(spec: Pick<StudySpec, "selection" | "oracle" | "budget">): number {
  const selection = selectionOf(spec);
  return spec.budget.maxTrials + (selection.rule === "replicate" ? selection.top * selection.executions : 0);
}
