import type { ProgramFile } from "@sintonia/tuning/plan/program-plan";
import { namedFiles, withFiles } from "@sintonia/tuning/spec/spec-files";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Display } from "../display/display.js";
import { listFiles } from "../study/files/list-files.js";
import type { HashedFile } from "../study/files/upload.js";
import { hashFiles } from "./upload-files.js";

/** A spec whose files have their content, and these files on this machine. */
export interface CompleteSpec {
  readonly spec: StudySpec;
  readonly files: readonly HashedFile[];
}

/** The permission of a file's owner to execute it. */
const EXECUTABLE = 0o100;

/**
 * Hashes the files that a spec names by path, and fills their content into the spec.
 *
 * @param folder - folder of the spec's file, to which the paths are relative
 * @throws {UsageError} if a file cannot be used
 */
export async function completeSpec(
  spec: StudySpec,
  { folder, display }: { readonly folder: string; readonly display: Pick<Display, "print" | "task"> },
): Promise<CompleteSpec> {
  const named = namedFiles(spec);
  if (named === undefined) return { spec, files: [] };
  const listed = await listFiles(folder, named.paths);
  const files = await hashFiles({ folder, paths: listed.map(({ path }) => path), display, mayBeEmpty: true });
  const entries = files.map(({ local, ref }, index): [string, ProgramFile] => {
    const isExecutable = ((listed[index]?.mode ?? 0) & EXECUTABLE) !== 0;
    return [local.path, { ...ref, ...(isExecutable ? { executable: true } : {}) }];
  });
  return { spec: withFiles(spec, Object.fromEntries(entries)), files };
}
