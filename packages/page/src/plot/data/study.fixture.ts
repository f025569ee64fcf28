import { Goal, type ParameterValue, Study, Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { readerOf } from "../../text/reader.js";
import type { Value, View } from "./study-data.js";

/** Returns a view in English of a size. */
export function viewOf(width = 800, height = 280): View {
  return { size: { width, height }, reader: readerOf("en", "UTC") };
}

/** Returns a study that maximises val_accuracy. */
export function studyOf(parts: Partial<Study> = {}): Study {
  return Study.fromPartial({ id: "mnist", objectiveMetric: "val_accuracy", goal: Goal.MAXIMIZE, ...parts });
}

/** Returns a trial: completed with an objective, failed without one. */
export function trialOf(id: string, objective: number | undefined, parts: Partial<Trial> = {}): Trial {
  const state = objective === undefined ? TrialState.FAILED : TrialState.COMPLETED;
  return Trial.fromPartial({ id, state, ...(objective === undefined ? {} : { objective }), ...parts });
}

/** Returns values as messages. */
export function valuesOf(values: Readonly<Record<string, Value>>): Record<string, ParameterValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, messageOf(value)]));
}

/** Returns a value as a message. */
export function messageOf(value: Value): ParameterValue {
  if (typeof value === "string") return { kind: { $case: "categoricalValue", value } };
  if (typeof value === "boolean") return { kind: { $case: "booleanValue", value } };
  return { kind: { $case: "doubleValue", value } };
}
