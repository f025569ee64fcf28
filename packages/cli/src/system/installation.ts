import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that this program belongs to: this file is packages/cli/dist/run/installation.js in it. */
const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** Folder of the experiments that come with Sintonia. */
export const EXPERIMENTS_DIR = join(ROOT, "experiments");

/** Where downloaded data sets are kept unless SINTONIA_CACHE_DIR says otherwise; shared by all runs. */
export const CACHE_DIR = join(ROOT, ".cache", "data");

/** Version of this program. */
export function installedVersion(): string {
  return (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;
}
