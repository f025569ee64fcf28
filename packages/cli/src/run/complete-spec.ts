import type { RemoteContents } from "@sintonia/files/unknown/remote-contents";
import { isAddress, nameInFolder } from "@sintonia/tuning/plan/file/file-address";
import type { StoredFile } from "@sintonia/tuning/plan/file/stored-file";
import { namedFiles, withFiles } from "@sintonia/tuning/spec/spec-files";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Display } from "../display/display.js";
import { listFiles } from "../study/files/list-files.js";
import { unusable } from "../study/files/local-file.js";
import type { HashedFile } from "../study/files/upload.js";
import { hashAddresses, hashFiles } from "./upload-files.js";

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
  /** Reads files of other servers. */
  readonly contents: () => RemoteContents;
  readonly display: Pick<Display, "print" | "task">;
}

/**
 * Hashes the files that a spec names by path, and fills their content into the spec.
 *
 * @throws {UsageError} if a file cannot be used
 */
export async function completeSpec(spec: StudySpec, place: Place): Promise<CompleteSpec> {
  let complete: CompleteSpec = { spec, files: [] };
  for (const { part, paths } of namedFiles(spec)) {
    const hashed = part === "dataset" ? await hashData(paths, place) : await hashCode(paths, place);
    const files = [...complete.files, ...hashed.map(({ file }) => file)];
    const refs = Object.fromEntries(hashed.map(({ path, stored }) => [path, stored]));
    complete = { spec: withFiles(complete.spec, part, refs), files };
  }
  return complete;
}

interface Hashed {
  /** Path of the file in the plan. */
  readonly path: string;
  readonly file: HashedFile;
  readonly stored: StoredFile;
}

/** Files of data sets keep their addresses as paths. */
async function hashData(paths: readonly string[], place: Place): Promise<readonly Hashed[]> {
  const files = [
    ...(await hashFiles({ ...place, paths: paths.filter((path) => !isAddress(path)) })),
    ...(await hashAddresses({ ...place, paths: paths.filter(isAddress) })),
  ];
  return files.map((file) => ({ path: file.local.path, file, stored: file.ref }));
}

/**
 * Hashes the files of a program or a module, and those in the folders that it names. A file of an
 * address gets the name at the end of it.
 */
async function hashCode(paths: readonly string[], place: Place): Promise<readonly Hashed[]> {
  const listed = await listFiles(
    place.folder,
    paths.filter((path) => !isAddress(path)),
  );
  const beside = await hashFiles({ ...place, paths: listed.map(({ path }) => path), mayBeEmpty: true });
  const hashed: Hashed[] = beside.map((file, index) => {
    const isExecutable = ((listed[index]?.mode ?? 0) & EXECUTABLE) !== 0;
    return { path: file.local.path, file, stored: { ...file.ref, ...(isExecutable ? { executable: true } : {}) } };
  });
  for (const file of await hashAddresses({ ...place, paths: paths.filter(isAddress), mayBeEmpty: true }))
    hashed.push(addressed(file, new Set(hashed.map(({ path }) => path))));
  return hashed;
}

function addressed(file: HashedFile, taken: ReadonlySet<string>): Hashed {
  const path = nameInFolder(file.local.path);
  if (path === "" || taken.has(path))
    throw unusable(file.local.path, path === "" ? "it has no name" : `another file has its name, ${path}`);
  return { path, file, stored: { ...file.ref, ...(file.source === undefined ? {} : { source: file.source }) } };
}
