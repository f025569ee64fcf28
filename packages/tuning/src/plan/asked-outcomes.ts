import { isMeasuredFact, type MeasuredFact } from "../aims/facts.js";
import type { Aims } from "../objective/outcomes.js";
import { outcomeNames } from "../objective/outcomes.js";
import { METRIC_NAMES, type MetricName } from "./metric.js";

/** Metrics that every engine measures in every epoch. */
const ALWAYS_MEASURED: readonly string[] = ["loss", "accuracy", "val_loss", "val_accuracy"];

/**
 * Returns the outcomes of a study's aims that a trainer measures only if the plan asks for them.
 *
 * @param isCounted - true if the plan alone says how many parameters a model has
 */
export function askedOutcomes(aims: Aims, isCounted: boolean): (MetricName | MeasuredFact)[] {
  return outcomeNames(aims).filter((name): name is MetricName | MeasuredFact => {
    if (isMeasuredFact(name)) return name !== "parameters" || !isCounted;
    return METRIC_NAMES.some((metric) => metric === name) && !ALWAYS_MEASURED.includes(name);
  });
}
