import { existsSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { EXPERIMENTS_DIR } from "./installation.js";

/** The file extension of the experiments that come with Sintonia. */
export const EXPERIMENT_EXTENSION = ".yaml";

/** Returns the names of the experiments that come with Sintonia. */
export function experimentNames(directory = EXPERIMENTS_DIR): string[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory).filter((file) => file.endsWith(EXPERIMENT_EXTENSION));
  return files.map((file) => basename(file, EXPERIMENT_EXTENSION)).sort();
}
