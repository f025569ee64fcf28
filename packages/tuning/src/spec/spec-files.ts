// The files that a spec names: by path as a person writes them, and by content once the command
// line program knows it.

import { dataFilePaths, type FileDataSet } from "../plan/data-set/file-data-set.js";
import { sourceOf } from "../plan/file/file-address.js";
import type { StoredFile } from "../plan/file/stored-file.js";
import { modulePath } from "../plan/module-plan.js";
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
  return partsOf(spec).flatMap(({ part, paths }) => (paths.length === 0 ? [] : [{ part, paths }]));
}

/** Returns a spec in which further files of a part have their content. */
export function withFiles(spec: StudySpec, part: NamedFiles["part"], files: StoredFiles): StudySpec {
  const known = partsOf(spec).find((each) => each.part === part)?.files;
  return { ...spec, [part]: { ...(spec[part] as object), files: { ...known, ...files } } } as StudySpec;
}

/** Returns the files of a spec that have their content, by path. */
export function storedFiles(spec: StudySpec): StoredFiles {
  return Object.assign({}, ...partsOf(spec).map(({ files }) => files));
}

/** Returns the files that the coordinator must store: those without a source. */
export function filesAtCoordinator(spec: StudySpec): StoredFiles {
  const files = Object.entries(storedFiles(spec));
  return Object.fromEntries(files.filter(([path, file]) => sourceOf(path, file) === undefined));
}

interface Part {
  readonly part: NamedFiles["part"];
  /** Files with their content. */
  readonly files: StoredFiles;
  /** Files without it. */
  readonly paths: readonly string[];
}

function partsOf(spec: StudySpec): readonly Part[] {
  if (isProgramStudy(spec)) return [codePart("program", spec.program.files ?? {})];
  const { dataset } = spec;
  const data = isFileDataSet(dataset) ? [dataPart(dataset)] : [];
  return isModuleStudy(spec) ? [...data, codePart("model", moduleFiles(spec.model))] : data;
}

/** A data set may have the content of some of its files. */
function dataPart(dataset: FileDataSet): Part {
  const { files = {} } = dataset;
  return { part: "dataset", files, paths: dataFilePaths(dataset).filter((path) => !Object.hasOwn(files, path)) };
}

function codePart(part: "model" | "program", files: StoredFiles | readonly string[]): Part {
  return isPaths(files) ? { part, files: {}, paths: files } : { part, files, paths: [] };
}

/** Returns the files of a module: those of its list, and the module itself. */
function moduleFiles({ module, files = [] }: { module: string; files?: StoredFiles | readonly string[] }) {
  return isPaths(files) ? [...new Set([modulePath(module), ...files])] : files;
}

function isPaths(files: StoredFiles | readonly string[]): files is readonly string[] {
  return Array.isArray(files);
}
