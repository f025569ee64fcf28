import { goalOfMetric, METRIC_NAMES } from "../plan/metric.js";
import { valueAtPath } from "../validation/problems.js";
import { warmObservations, warmPartials } from "./given-trials.js";
import type { StudySpec } from "./study-spec.js";

/**
 * Returns one line for each setting of a spec that is allowed and probably a mistake: a search in
 * the worse direction of a known metric, a callback that watches in this direction, and given
 * trials that are not used.
 */
export function specWarnings(spec: StudySpec): string[] {
  const { objective, training } = spec;
  const { metric, goal } = objective;
  const usual = goalOfMetric(metric);
  const searched =
    goal === usual || !METRIC_NAMES.some((name) => name === metric)
      ? []
      : [`objective: ${goal} ${metric} looks for the worst model; the usual goal is ${usual}`];
  return [...searched, ...callbackWarnings(training), ...givenTrialWarnings(spec)];
}

function givenTrialWarnings(spec: StudySpec): string[] {
  const { budget, enqueue = [], warmStart = [] } = spec;
  const beyond = enqueue.length - budget.maxTrials;
  const outside = warmStart.length - warmObservations(spec).length - warmPartials(spec).length;
  const counts = `${enqueue.length} points for ${budget.maxTrials} trials`;
  const reason = "outside the space, or without a value that has no default";
  return [
    ...(beyond > 0 ? [`enqueue: ${counts}; the last ${beyond} will not be tried unless budget.maxTrials grows`] : []),
    ...(outside > 0 ? [`warmStart: ${outside} of ${warmStart.length} results are ignored: ${reason}`] : []),
  ];
}

function callbackWarnings(training: unknown): string[] {
  const callbacks = valueAtPath(training, ["callbacks"]);
  if (!Array.isArray(callbacks)) return [];
  return callbacks.flatMap((callback: unknown, i) => {
    const monitor = valueAtPath(callback, ["monitor"]) ?? "val_loss";
    const mode = valueAtPath(callback, ["mode"]);
    if (typeof monitor !== "string" || monitor.startsWith("$") || (mode !== "min" && mode !== "max")) return [];
    const usual = goalOfMetric(monitor) === "maximize" ? "max" : "min";
    const warning = `training.callbacks[${i}]: mode ${mode} takes a worse ${monitor} for an improvement`;
    return mode === usual ? [] : [`${warning}; the usual mode is ${usual}`];
  });
}
