import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the checkout. This module runs as packages/cli/dist/system/installation.js in it. */
const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** Folder of the experiments that come with Sintonia. */
export const EXPERIMENTS_DIR = join(ROOT, "experiments");

/** Folder of the clients for programs, by language. */
export const CLIENTS_DIR = join(ROOT, "clients");

/** Folder of the working examples that come with Sintonia. */
export const EXAMPLES_DIR = join(ROOT, "examples");

/**
 * Default folder of downloaded data sets, which all runs share. SINTONIA_CACHE_DIR overrides it.
 */
export const CACHE_DIR = join(ROOT, ".cache", "data");

/** Returns the version of this installation. */
export function installedVersion(): string {
  return (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;
}
