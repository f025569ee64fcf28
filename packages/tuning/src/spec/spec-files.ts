// The files that a spec names: by path as a person writes them, and by content once the command
// line program has stored them.

import { dataFilePaths } from "../plan/data-set/file-data-set.js";
import { modulePath } from "../plan/module-plan.js";
import type { StoredFile } from "../plan/stored-file.js";
import { isFileDataSet } from "../plan/training-plan.js";
import { isModuleStudy, isProgramStudy, type StudySpec } from "./study-spec.js";

/** Files by path. */
export type StoredFiles = Readonly<Record<string, StoredFile>>;

/** The files and folders that a part of a spec names by path. */
export interface NamedFiles {
  readonly part: "dataset" | "model" | "program";
  readonly paths: readonly string[];
}

/** Returns the paths of each part of a spec whose content is not known yet. */
export function namedFiles(spec: StudySpec): readonly NamedFiles[] {
  return partsOf(spec).flatMap(({ part, files }) => (isPaths(files) ? [{ part, paths: files }] : []));
}

/** Returns a spec in which the files of a part have their content. */
export function withFiles(spec: StudySpec, part: NamedFiles["part"], files: StoredFiles): StudySpec {
  return { ...spec, [part]: { ...(spec[part] as object), files } } as StudySpec;
}

/** Returns the files of a spec that have their content, by path. */
export function storedFiles(spec: StudySpec): StoredFiles {
  return Object.assign({}, ...partsOf(spec).map(({ files }) => (isPaths(files) ? {} : files)));
}

interface Part {
  readonly part: NamedFiles["part"];
  readonly files: StoredFiles | readonly string[];
}

function partsOf(spec: StudySpec): readonly Part[] {
  if (isProgramStudy(spec)) return [{ part: "program", files: spec.program.files ?? {} }];
  const { dataset } = spec;
  const data: Part[] = isFileDataSet(dataset)
    ? [{ part: "dataset", files: dataset.files ?? dataFilePaths(dataset) }]
    : [];
  return isModuleStudy(spec) ? [...data, { part: "model", files: moduleFiles(spec.model) }] : data;
}

/** Returns the files of a module: those of its list, and the module itself. */
function moduleFiles({ module, files = [] }: { module: string; files?: Part["files"] }): Part["files"] {
  return isPaths(files) ? [...new Set([modulePath(module), ...files])] : files;
}

function isPaths(files: Part["files"]): files is readonly string[] {
  return Array.isArray(files);
}
