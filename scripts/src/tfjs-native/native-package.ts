import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runProgram } from "./program.js";
import { StepError } from "./step-error.js";

/** One of the two packages of tfjs that compute with TensorFlow's C library. */
export interface NativePackage {
  readonly engine: "tfjs-node" | "tfjs-node-gpu";
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** The compiled addon, which need not be there yet. */
  readonly addon: string;
  /** Where the package's own install script downloads from. */
  readonly downloadHost: string;
}

/** @throws {StepError} if the package is not installed */
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

/** The package's main file does not load without the addon, so only its manifest is asked for. */
function manifestOf(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(join(name, "package.json"));
  } catch {
    const advice = "run npm ci, without --omit=optional";
    throw new StepError("package", { reason: `${name} is not installed`, advice });
  }
}

/** Enough for a server on the other side of the world, and short where there is no network. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Runs the package's own install script, which downloads TensorFlow and an addon.
 *
 * @returns why it did not succeed, in one line; undefined if it did
 */
export async function downloadOwn({ name, downloadHost, folder }: NativePackage): Promise<string | undefined> {
  const { origin, host } = new URL(downloadHost);
  if (!(await answers(origin))) return `${host} cannot be reached`;
  const { succeeded, errorLine } = runProgram("npm", ["rebuild", name, "--ignore-scripts=false"], { cwd: folder });
  return succeeded ? undefined : errorLine;
}

/** The install script itself has no limit of time and reports no error of the server. */
async function answers(origin: string): Promise<boolean> {
  try {
    await fetch(origin, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}
