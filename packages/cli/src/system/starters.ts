import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { CLIENTS_DIR, EXAMPLES_DIR } from "./installation.js";

/** Returns the names of the examples that come with Sintonia. Each is a folder with a spec. */
export function starterNames(directory = EXAMPLES_DIR): string[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** A file of an example. */
export interface StarterFile {
  readonly name: string;
  readonly path: string;
}

/** Returns the files of an example, in order. A Python or Node program gets its client. */
export function starterFiles(name: string, directory = EXAMPLES_DIR): readonly StarterFile[] {
  const folder = join(directory, name);
  const own = readdirSync(folder).map((file) => ({ name: file, path: join(folder, file) }));
  const clients = CLIENTS.filter(({ ending }) => own.some((file) => file.name.endsWith(ending)));
  const files = [...own, ...clients.map(({ path }) => ({ name: basename(path), path }))];
  return files.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The clients of programs by the ends of their files' names. A module of a model needs none. */
const CLIENTS = [
  { ending: ".py", path: join(CLIENTS_DIR, "python", "sintonia.py") },
  { ending: "train.mjs", path: join(CLIENTS_DIR, "node", "sintonia.mjs") },
];
