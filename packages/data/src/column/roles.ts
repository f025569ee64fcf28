import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { nearestName } from "@sintonia/tuning/validation/nearest-name";
import { contentError, shownList } from "../error/data-error.js";
import type { ColumnUse } from "../table/column-use.js";

/** The roles of the columns of a file. */
export interface Roles {
  readonly targets: readonly string[];
  /** Columns that become features, in the order of the file, or of the plan's `inputs`. */
  readonly inputs: readonly string[];
  readonly group: string | undefined;
  readonly time: string | undefined;
  readonly weight: string | undefined;
}

/** Lists the names of the targets of a plan. */
export function targetsOf({ target }: Pick<FileDataSet, "target">): readonly string[] {
  return typeof target === "string" ? [target] : target;
}

/**
 * Returns the roles of the columns of a file.
 *
 * @param names - names of all columns
 * @throws {DataError} if a column that the plan names is not there, or no input is left
 */
export function rolesOf(plan: FileDataSet, names: readonly string[], file: string): Roles {
  const { ignore = [], sampleWeight: weight, split: { group, time } = {} } = plan;
  const targets = targetsOf(plan);
  const named = [
    ...targets,
    ...(plan.inputs ?? []),
    ...ignore,
    ...Object.keys(plan.columns ?? {}),
    group,
    time,
    weight,
  ];
  const known = new Set(names);
  for (const name of named) if (name !== undefined && !known.has(name)) refuseName(name, names, file);
  const taken = new Set([...targets, ...ignore, group, time, weight]);
  const inputs = plan.inputs ?? names.filter((name) => !taken.has(name));
  if (inputs.length === 0) throw contentError({ file }, "no column is left for the inputs");
  return { targets, inputs, group, time, weight };
}

/** Returns how a file's columns are read, by a plan. */
export function useOf(plan: FileDataSet): (name: string) => ColumnUse {
  const { group, time } = plan.split ?? {};
  const roles = new Set([...targetsOf(plan), group, time, plan.sampleWeight]);
  const inputs = plan.inputs === undefined ? undefined : new Set(plan.inputs);
  const ignored = new Set(plan.ignore);
  return (name) => {
    const isInput = inputs === undefined ? !ignored.has(name) : inputs.has(name);
    if (!roles.has(name) && !isInput) return "skip";
    if (plan.columns?.[name] === "categorical") return "text";
    return roles.has(name) ? "exact" : "value";
  };
}

function refuseName(name: string, names: readonly string[], file: string): never {
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `the columns are ${shownList(names)}` : `did you mean ${nearest}?`;
  throw contentError({ file }, `there is no column ${name}; ${hint}`);
}
