import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
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
