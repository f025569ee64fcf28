import type { StudySpec } from "./study-spec.js";
import { isRecord } from "./template/references.js";

/**
 * Returns a spec as plain values for `JSON.stringify`. Equal specs have equal text, and
 * `checkStudySpec` restores the spec. Keys have a fixed order, except that parameters keep theirs,
 * because their order is part of the space.
 */
export function specToJson(spec: StudySpec): Readonly<Record<string, unknown>> {
  const { name, description, dataset, program, objective, budget, resources, seed, oracle, pruner, selection } = spec;
  const { objectives, limits, pick, testFront } = spec;
  const { parameters, constraints, enqueue, warmStart, model, training, published } = spec;
  const parts = {
    dataset,
    program,
    objective,
    objectives,
    pick,
    budget,
    resources,
    oracle,
    pruner,
    selection,
    model,
    training,
    published,
  };
  const sorted = sortKeys(parts) as Record<string, unknown>;
  const ordered = {
    name,
    description,
    dataset: sorted["dataset"],
    program: sorted["program"],
    objective: sorted["objective"],
    objectives: sorted["objectives"],
    limits,
    pick: sorted["pick"],
    testFront,
    budget: sorted["budget"],
    resources: sorted["resources"],
    seed,
    oracle: sorted["oracle"],
    pruner: sorted["pruner"],
    selection: sorted["selection"],
    parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, sortKeys(value)])),
    constraints,
    enqueue,
    warmStart,
    model: sorted["model"],
    training: sorted["training"],
    published: sorted["published"],
  };
  return Object.fromEntries(Object.entries(ordered).filter(([, value]) => value !== undefined));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key])]));
}
