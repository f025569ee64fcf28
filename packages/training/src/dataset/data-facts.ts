import type { DataFacts } from "@sintonia/tuning/plan/fit";
import type { Examples, Targets } from "./examples.js";

/** Returns the facts about examples, which plans must fit. */
export function dataFacts({
  train,
  validation,
}: {
  readonly train: Examples;
  readonly validation?: Examples;
}): DataFacts {
  const { targets, features } = train;
  return {
    task: targets.kind === "classes" ? "classification" : "regression",
    outputs: targets.kind === "classes" ? targets.classes : targets.width,
    features,
    hasValidation: validation !== undefined,
    ...(validation === undefined
      ? {}
      : { validation: { rows: validation.count, absentClasses: absentClasses(validation.targets) } }),
  };
}

/** Returns the classes without a row, counted from 0; none of a regression. */
export function absentClasses(targets: Targets): number[] {
  if (targets.kind === "values") return [];
  const present = new Uint8Array(targets.classes);
  for (const label of targets.labels) present[label] = 1;
  return Array.from(present.keys()).filter((label) => present[label] === 0);
}
