import { formatPath, type Path, valueAtPath } from "../validation/problems.js";
import { specToJson } from "./json.js";
import { selectionOf } from "./selection.js";
import { storedFiles } from "./spec-files.js";
import type { StudySpec } from "./study-spec.js";
import { isRecord } from "./template/references.js";

/**
 * Returns the paths at which two specs differ, for example `budget.maxTrials`; none for the same
 * study. An explicit default is no difference; the order of parameters is one.
 */
export function specDifferences(a: StudySpec, b: StudySpec): string[] {
  return differingPaths(a, b).map(formatPath);
}

/**
 * Describes the differences of two specs for a person. A file with another content is named with
 * both checksums.
 */
export function differencesText(before: StudySpec, present: StudySpec): string {
  const [old, now] = [storedFiles(before), storedFiles(present)];
  const changed = Object.keys(now).filter(
    (path) => Object.hasOwn(old, path) && old[path]?.sha256 !== now[path]?.sha256,
  );
  const isOfFile = ([, files, path]: Path) => files === "files" && changed.includes(String(path));
  const others = differingPaths(before, present).filter((path) => !isOfFile(path));
  const files = changed.map(
    (path) => `file ${path}, whose SHA-256 was ${old[path]?.sha256} and is ${now[path]?.sha256}`,
  );
  return [...others.map(formatPath), ...files].join(", ");
}

function differingPaths(a: StudySpec, b: StudySpec): Path[] {
  const paths = differences(filledIn(a), filledIn(b), []);
  const reordered = paths.length === 0 && Object.keys(a.parameters).join() !== Object.keys(b.parameters).join();
  return reordered ? [["parameters"]] : paths;
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
