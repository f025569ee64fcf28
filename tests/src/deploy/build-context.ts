// The files of the repository that `docker build` would send.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { ROOT } from "./repository.js";

const RULES = dockerignore.default().add(readFileSync(join(ROOT, ".dockerignore"), "utf8"));

/** Returns true if .dockerignore excludes a file or folder. @param path - relative to the root */
export function isIgnored(path: string): boolean {
  return RULES.ignores(path);
}
