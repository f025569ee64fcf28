import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { NativePackage } from "./native-package.js";
import { runProgram } from "./program.js";
import { StepError } from "./step-error.js";
import { nodeHeaders } from "./tools.js";

/** Compiles the package's addon against the library in its folder `deps`. @throws {StepError} if that fails */
export function buildAddon({ folder, addon }: NativePackage): void {
  const headers = nodeHeaders();
  const { succeeded, errorLine } = runProgram("npx", ["node-pre-gyp", "install", "--build-from-source"], {
    cwd: folder,
    env: headers === undefined ? {} : { npm_config_nodedir: headers },
  });
  if (succeeded && existsSync(addon)) return;
  const command = `cd ${folder} && npx node-pre-gyp install --build-from-source`;
  const missing =
    headers === undefined ? "Node's headers are not here (Debian: libnode-dev) and were to be downloaded; " : "";
  throw new StepError("addon", { reason: errorLine, advice: `${missing}see the whole of it: ${command}` });
}

/** Keeps a compiled addon beside the library that it was compiled for, since npm ci empties the package's folder. */
export function keepAddon({ addon, engine, version }: NativePackage, library: string): void {
  copyFileSync(addon, keptAddon(library, { engine, version }));
}

/** Puts a kept addon into the package's folder. @returns whether there was one */
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
