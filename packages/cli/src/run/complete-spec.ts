import type { StoredFile } from "@sintonia/tuning/plan/stored-file";
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

/** The place of a spec's files. */
interface Place {
  /** Folder of the spec's file, to which the paths are relative. */
  readonly folder: string;
  readonly display: Pick<Display, "print" | "task">;
}

/**
 * Hashes the files that a spec names by path, and fills their content into the spec.
 * @throws {UsageError} if a file cannot be used
 */
export async function completeSpec(spec: StudySpec, place: Place): Promise<CompleteSpec> {
  let complete: CompleteSpec = { spec, files: [] };
  for (const { part, paths } of namedFiles(spec)) {
    const hashed = part === "dataset" ? await hashData(paths, place) : await hashCode(paths, place);
    const files = [...complete.files, ...hashed.map(({ file }) => file)];
    const refs = Object.fromEntries(
      hashed.map(({ file, isExecutable }) => [file.local.path, stored(file, isExecutable)]),
    );
    complete = { spec: withFiles(complete.spec, part, refs), files };
  }
  return complete;
}

interface Hashed {
  readonly file: HashedFile;
  readonly isExecutable: boolean;
}

async function hashData(paths: readonly string[], place: Place): Promise<readonly Hashed[]> {
  const files = await hashFiles({ ...place, paths });
  return files.map((file) => ({ file, isExecutable: false }));
}

/** Hashes the files of a program or a module, and those in the folders that it names. */
async function hashCode(paths: readonly string[], place: Place): Promise<readonly Hashed[]> {
  const listed = await listFiles(place.folder, paths);
  const files = await hashFiles({ ...place, paths: listed.map(({ path }) => path), mayBeEmpty: true });
  return files.map((file, index) => ({ file, isExecutable: ((listed[index]?.mode ?? 0) & EXECUTABLE) !== 0 }));
}

function stored({ ref }: HashedFile, isExecutable: boolean): StoredFile {
  return { ...ref, ...(isExecutable ? { executable: true } : {}) };
}
