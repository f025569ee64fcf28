import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";
import type { NativePackage } from "./native-package.js";
import { nodeHeaders } from "./tools.js";

/**
 * Compiles the package's addon against the library in its folder `deps`.
 *
 * @throws {StepError} if the compilation fails
 */
export function buildAddon({ folder, addon }: NativePackage): void {
  const headers = nodeHeaders();
  const { succeeded, errorLine } = runProgram("npx", ["node-pre-gyp", "install", "--build-from-source"], {
    cwd: folder,
    env: headers === undefined ? {} : { npm_config_nodedir: headers },
  });
  if (succeeded && existsSync(addon)) return;
  const command = `cd ${folder} && npx node-pre-gyp install --build-from-source`;
  const missing =
    headers === undefined ? "Node's headers are missing (Debian: libnode-dev), so node-gyp downloads them; " : "";
  throw new StepError("addon", { reason: errorLine, advice: `${missing}for the whole output run: ${command}` });
}

/**
 * Copies a compiled addon into the folder of its library, because npm ci empties the package's
 * folder.
 */
export function keepAddon({ addon, engine, version }: NativePackage, library: string): void {
  copyFileSync(addon, keptAddon(library, { engine, version }));
}

/** Copies a kept addon into the package's folder. @returns false if there is none */
export function restoreAddon({ addon, engine, version }: NativePackage, library: string): boolean {
  const kept = keptAddon(library, { engine, version });
  if (!existsSync(kept)) return false;
  mkdirSync(dirname(addon), { recursive: true });
  copyFileSync(kept, addon);
  return true;
}

function keptAddon(library: string, { engine, version }: Pick<NativePackage, "engine" | "version">): string {
  return join(library, `${engine}-${version}.node`);
}
