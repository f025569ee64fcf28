// What `docker build` would send of the repository.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { ROOT } from "./repository.js";

const RULES = dockerignore.default().add(readFileSync(join(ROOT, ".dockerignore"), "utf8"));

/** Whether .dockerignore leaves a file or folder out. `path` is relative to the root. */
export function isIgnored(path: string): boolean {
  return RULES.ignores(path);
}
