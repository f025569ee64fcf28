import { rmSync } from "node:fs";
import { join } from "node:path";
import { StepError } from "../steps/step-error.js";
import { buildAddon, keepAddon, restoreAddon } from "./addon.js";
import { hasLibrary, placeLibrary, unpackLibrary } from "./library.js";
import { downloadOwn, findNativePackage, type NativePackage } from "./native-package.js";
import { checkTools, nodeHeaders } from "./tools.js";
import { type Device, type Verification, verifyPackage } from "./verification.js";
import { downloadedWheelName, downloadWheel, givenWheel, wheelName } from "./wheel.js";

/** The request for a native engine. */
export interface BuildOptions {
  readonly gpu: boolean;
  /** File of a TensorFlow wheel; pip downloads one if undefined. */
  readonly wheel: string | undefined;
  /** Folder for unpacked libraries. */
  readonly cacheDir: string;
  /** Receives one line for each step. */
  readonly report: (line: string) => void;
}

/**
 * Installs the native part of a tfjs package that computes with TensorFlow's C library. Tries in
 * order: the present installation, an addon that an earlier call compiled, the package's own
 * download, and a compilation against the library of a wheel.
 *
 * @returns the device that the package computes on
 * @throws {StepError} if the last step fails
 */
export async function buildTfjsNative(options: BuildOptions): Promise<Device> {
  const target = findNativePackage(options.gpu);
  const { report } = options;
  const found = `package: ${target.name} ${target.version}`;
  const present = verifyPackage(target);
  report(present.works ? `${found} works` : `${found} does not work yet (${present.reason})`);
  if (present.works) return present.device;

  const source = wheelSource(options);
  const kept = verifyKeptAddon(target, source.library);
  if (kept !== undefined) report(`addon: an earlier compilation ${kept.works ? "works" : `fails, ${kept.reason}`}`);
  if (kept?.works) return kept.device;

  const own = options.wheel === undefined ? await verifyOwnDownload(target) : undefined;
  if (own !== undefined) report(`own download: ${own.works ? "works" : own.reason}`);
  if (own?.works) return own.device;
  return buildFromWheel(target, source, options);
}

async function verifyOwnDownload(target: NativePackage): Promise<Verification> {
  const reason = await downloadOwn(target);
  return reason === undefined ? verifyPackage(target) : { works: false, reason };
}

function buildFromWheel(target: NativePackage, source: WheelSource, options: BuildOptions): Device {
  const { report } = options;
  assertLinux();
  report(`tools: ${checkTools(source.file === undefined)}`);
  prepareLibrary(source, options);
  placeLibrary(source.library, target);
  report("addon: compiling, about half a minute ...");
  const seconds = timed(() => buildAddon(target));
  report(`addon: compiled in ${seconds} s, with Node's headers ${nodeHeaders() ?? "as node-gyp found them"}`);
  const verification = verifyPackage(target);
  if (!verification.works) {
    const advice = "the addon may not support the version of the library; use another wheel";
    throw new StepError("verification", { reason: `a training step failed (${verification.reason})`, advice });
  }
  report("verification: a training step succeeded");
  keepAddon(target, source.library);
  return verification.device;
}

function assertLinux(): void {
  if (process.platform === "linux") return;
  const advice = "use the engine onnx, or a Linux machine";
  throw new StepError("wheel", { reason: `wheels work on Linux only, not on ${process.platform}`, advice });
}

/** The source of a library, and the folder for its unpacked form. */
interface WheelSource {
  /** File of the wheel; undefined if pip downloads it. */
  readonly file: string | undefined;
  readonly library: string;
}

function wheelSource({ gpu, wheel, cacheDir }: BuildOptions): WheelSource {
  const file = wheel === undefined ? undefined : givenWheel(wheel);
  return { file, library: join(cacheDir, file === undefined ? downloadedWheelName(gpu) : wheelName(file)) };
}

/** Verifies the addon that an earlier build kept. @returns undefined if there is none */
function verifyKeptAddon(target: NativePackage, library: string): Verification | undefined {
  if (!hasLibrary(library) || !restoreAddon(target, library)) return undefined;
  placeLibrary(library, target);
  return verifyPackage(target);
}

/** Unpacks a wheel unless its library exists. Deletes a wheel that pip downloaded. */
function prepareLibrary({ file, library }: WheelSource, { gpu, cacheDir, report }: BuildOptions): void {
  if (hasLibrary(library)) {
    report(`library: already unpacked in ${library}`);
    return;
  }
  const downloads = join(cacheDir, "download");
  try {
    if (file === undefined) report("wheel: downloading hundreds of MB with pip ...");
    const wheel = file ?? downloadWheel(gpu, downloads);
    report(`wheel: ${wheel}`);
    const seconds = timed(() => unpackLibrary(wheel, library));
    report(`library: unpacked in ${seconds} s to ${library}`);
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

/** Runs an action. @returns its duration in whole seconds */
function timed(action: () => void): number {
  const start = performance.now();
  action();
  return Math.round((performance.now() - start) / 1000);
}
