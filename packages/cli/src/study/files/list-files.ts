// The files of a program: those that its spec names, and all in the folders that it names.

import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { FILES_MAX } from "@sintonia/protocol/file";
import { readFailureText } from "../../system/files/file-failures.js";
import { isWithin, unusable } from "./local-file.js";

/** A file of a program. */
export interface ListedFile {
  /** Path from the folder of the spec, with slashes. */
  readonly path: string;
  /** Permissions, for example 0o755. */
  readonly mode: number;
}

/** Folders that belong to tools. A program does not need them, and they may be huge. */
const SKIPPED: ReadonlySet<string> = new Set([".git", "__pycache__", "node_modules"]);

/**
 * Lists the files that a program's spec names, each once, in the order of their paths. Leaves out
 * `.git`, `__pycache__` and `node_modules` inside of folders. Follows symbolic links.
 *
 * @param folder - folder of the spec
 * @throws {UsageError} if a path does not exist or is outside of the folder, if there are more than
 *   1,000 files, or if symbolic links form a loop
 */
export async function listFiles(folder: string, paths: readonly string[]): Promise<readonly ListedFile[]> {
  const root = resolve(folder);
  const found = new Map<string, ListedFile>();
  for (const path of paths) {
    if (!isWithin(root, resolve(root, path)))
      throw unusable(path, "it is outside the spec's folder; a program's files keep their place beside the spec");
    await collect({ root, found, named: path }, resolve(root, path), []);
  }
  return [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

interface Listing {
  readonly root: string;
  readonly found: Map<string, ListedFile>;
  /** The path of the spec that is being listed. */
  readonly named: string;
}

/** @param ancestors - true paths of the folders that contain the path */
async function collect(listing: Listing, path: string, ancestors: readonly string[]): Promise<void> {
  const { root, found, named } = listing;
  const entry = await stat(path).catch((error: unknown) => {
    throw unusable(named, `${readFailureText(error)} at ${path}`, error);
  });
  if (entry.isDirectory()) return await collectFolder(listing, path, ancestors);
  if (!entry.isFile()) throw unusable(named, `${path} is a device or a pipe; name regular files`);
  const shown = relative(root, path).split(sep).join("/");
  found.set(shown, { path: shown, mode: entry.mode & 0o777 });
  if (found.size > FILES_MAX) throw unusable(named, `a program has at most ${FILES_MAX} files; name fewer folders`);
}

async function collectFolder(listing: Listing, path: string, ancestors: readonly string[]): Promise<void> {
  const truePath = await realpath(path);
  if (ancestors.includes(truePath)) throw unusable(listing.named, `symbolic links form a loop at ${path}`);
  const names = await readdir(path).catch((error: unknown) => {
    throw unusable(listing.named, `${readFailureText(error)} at ${path}`, error);
  });
  for (const name of names.filter((name) => !SKIPPED.has(name)).sort())
    await collect(listing, join(path, name), [...ancestors, truePath]);
}
