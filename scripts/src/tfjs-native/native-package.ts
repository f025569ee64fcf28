import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runProgram } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";

/** An installed tfjs package that computes with TensorFlow's C library. */
export interface NativePackage {
  readonly engine: "tfjs-node" | "tfjs-node-gpu";
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** Path of the compiled addon, which may not exist. */
  readonly addon: string;
  /** Host from which the package's own install script downloads. */
  readonly downloadHost: string;
}

/**
 * Finds the package of an engine.
 *
 * @throws {StepError} if the package is not installed
 */
export function findNativePackage(gpu: boolean): NativePackage {
  const engine = gpu ? "tfjs-node-gpu" : "tfjs-node";
  const name = `@tensorflow/${engine}`;
  const manifest = manifestOf(name);
  const { version, binary } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
  const { find } = createRequire(manifest)("@mapbox/node-pre-gyp") as { find(manifest: string): string };
  const downloadHost = process.env["TFJS_NODE_CDN_STORAGE"] ?? binary.host;
  return { engine, name, version, folder: dirname(manifest), addon: find(manifest), downloadHost };
}

interface Manifest {
  readonly version: string;
  readonly binary: { readonly host: string };
}

/** Resolves the manifest, because the package's main file does not load without the addon. */
function manifestOf(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(join(name, "package.json"));
  } catch {
    const advice = "run npm ci, without --omit=optional";
    throw new StepError("package", { reason: `${name} is not installed`, advice });
  }
}

/**
 * Upper limit of the first answer, in milliseconds. Bounds the wait on a machine without network.
 */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Runs the package's own install script, which downloads TensorFlow and a compiled addon.
 *
 * @returns the reason of a failure, in one line; undefined after success
 */
export async function downloadOwn({ name, downloadHost, folder }: NativePackage): Promise<string | undefined> {
  const { origin, host } = new URL(downloadHost);
  if (!(await answers(origin))) return `${host} does not answer`;
  const { succeeded, errorLine } = runProgram("npm", ["rebuild", name, "--ignore-scripts=false"], { cwd: folder });
  return succeeded ? undefined : errorLine;
}

/** Tests the server first: the install script has no time limit and reports no server error. */
async function answers(origin: string): Promise<boolean> {
  try {
    await fetch(origin, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}
