import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runStep } from "../steps/program.js";

/** A version that strips the types of TypeScript. */
const VERSION = "22.23.3";

/** The folder of the program. Deleting it frees the space, 190 MB. */
const HOME = fileURLToPath(new URL(`../../../.cache/node/${VERSION}`, import.meta.url));
const PROGRAM = join(HOME, "node_modules", "node", "bin", "node");

/**
 * Returns a Node that reads TypeScript: the present one, or that of `prepareNewerNode`; undefined
 * without either.
 */
export function newerNode(): string | undefined {
  if ((process.features as { readonly typescript?: unknown }).typescript) return process.execPath;
  return existsSync(PROGRAM) ? PROGRAM : undefined;
}

/**
 * Prepares a Node that reads TypeScript, unless there is one. Installs nothing on the machine.
 *
 * @returns one line: where it is
 * @throws {StepError} if npm fails
 */
export function prepareNewerNode(): string {
  const present = newerNode();
  if (present !== undefined) return `Node that reads TypeScript: ${present}`;
  const partial = `${HOME}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(HOME), { recursive: true });
  try {
    runStep("Node", "npm", ["install", "--no-audit", "--no-fund", "--prefix", partial, `node@${VERSION}`]);
    rmSync(HOME, { recursive: true, force: true });
    renameSync(partial, HOME);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return `Node that reads TypeScript: ${PROGRAM}`;
}
