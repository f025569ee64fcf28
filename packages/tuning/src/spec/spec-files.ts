// The files that a spec names: by path as a person writes them, and by content once the command
// line program has stored them.

import type { ProgramFile } from "../plan/program-plan.js";
import { isProgramStudy, type ProgramPart, type StudySpec } from "./study-spec.js";

/** The files and folders that a spec names by path. */
export interface NamedFiles {
  /** The part of the spec that names them. */
  readonly part: "program";
  readonly paths: readonly string[];
}

/** Returns the paths of a spec whose content is not known yet; undefined if there are none. */
export function namedFiles(spec: StudySpec): NamedFiles | undefined {
  const files = isProgramStudy(spec) ? spec.program.files : undefined;
  return isPaths(files) ? { part: "program", paths: files } : undefined;
}

/** Returns a spec whose files have their content. */
export function withFiles(spec: StudySpec, files: Readonly<Record<string, ProgramFile>>): StudySpec {
  return isProgramStudy(spec) ? { ...spec, program: { ...spec.program, files } } : spec;
}

/** Returns the files of a spec that have their content, by path. */
export function storedFiles(spec: StudySpec): Readonly<Record<string, ProgramFile>> {
  const files = isProgramStudy(spec) ? spec.program.files : undefined;
  return files === undefined || isPaths(files) ? {} : files;
}

function isPaths(files: ProgramPart["files"]): files is readonly string[] {
  return Array.isArray(files);
}
