import { formatPath, type Path, valueAtPath } from "../validation/problems.js";
import { specToJson } from "./json.js";
import { selectionOf } from "./selection.js";
import type { StudySpec } from "./study-spec.js";
import { isRecord } from "./template/references.js";

/**
 * Returns the paths at which two specs differ, for example `budget.maxTrials`; none for the same
 * study. An explicit default is no difference; the order of parameters is one.
 */
export function specDifferences(a: StudySpec, b: StudySpec): string[] {
  const paths = differences(filledIn(a), filledIn(b), []).map(formatPath);
  const reordered = paths.length === 0 && Object.keys(a.parameters).join() !== Object.keys(b.parameters).join();
  return reordered ? ["parameters"] : paths;
}

function filledIn(spec: StudySpec): object {
  return { ...specToJson(spec), selection: selectionOf(spec) };
}

function differences(a: unknown, b: unknown, path: Path): Path[] {
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.flatMap((item, i) => differences(item, b[i], [...path, i]));
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => differences(valueAtPath(a, [key]), valueAtPath(b, [key]), [...path, key]));
  }
  return Object.is(a, b) ? [] : [path];
}
