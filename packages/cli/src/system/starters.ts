import { readdirSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLES_DIR } from "./installation.js";

/** Returns the names of the examples that come with Sintonia. Each is a folder with a spec. */
export function starterNames(directory = EXAMPLES_DIR): string[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Returns the files of an example: their names and their paths, in order. */
export function starterFiles(name: string, directory = EXAMPLES_DIR): readonly { name: string; path: string }[] {
  const folder = join(directory, name);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ name: file, path: join(folder, file) }));
}
