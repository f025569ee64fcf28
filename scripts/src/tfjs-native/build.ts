import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildAddon, keepAddon, restoreAddon } from "./addon.js";
import { hasLibrary, placeLibrary, unpackLibrary } from "./library.js";
import { downloadOwn, findNativePackage, type NativePackage } from "./native-package.js";
import { StepError } from "./step-error.js";
import { checkTools, nodeHeaders } from "./tools.js";
import { type Device, type Verification, verifyPackage } from "./verification.js";
import { downloadedWheelName, downloadWheel, givenWheel, wheelName } from "./wheel.js";

export interface BuildOptions {
  readonly gpu: boolean;
  /** File of a TensorFlow wheel; pip downloads one where undefined. */
  readonly wheel: string | undefined;
  /** Folder for unpacked libraries. */
  readonly cacheDir: string;
  /** Takes one line for each step. */
  readonly report: (line: string) => void;
}

/**
 * Makes a package of tfjs work that computes with TensorFlow's C library: leaves it alone if it works, takes what an
 * earlier call has built, else runs the package's own download, else builds it from a wheel.
 *
 * @returns where it computes
 * @throws {StepError} at the step that did not succeed
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
  if (kept !== undefined)
    report(`addon: one that was compiled before ${kept.works ? "works" : `fails, ${kept.reason}`}`);
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
    const advice = "the library may be of a version that the addon does not know: give another wheel";
    throw new StepError("verification", { reason: `a step of training failed (${verification.reason})`, advice });
  }
  report("verification: took one step of training");
  keepAddon(target, source.library);
  return verification.device;
}

function assertLinux(): void {
  if (process.platform === "linux") return;
  const advice = "use the engine onnx, or a machine with Linux";
  throw new StepError("wheel", { reason: `wheels are used on Linux only, not on ${process.platform}`, advice });
}

/** Where a library comes from and where it is unpacked to. */
interface WheelSource {
  /** Undefined where pip is to download it. */
  readonly file: string | undefined;
  readonly library: string;
}

function wheelSource({ gpu, wheel, cacheDir }: BuildOptions): WheelSource {
  const file = wheel === undefined ? undefined : givenWheel(wheel);
  return { file, library: join(cacheDir, file === undefined ? downloadedWheelName(gpu) : wheelName(file)) };
}

/** Tries the addon that an earlier build kept. @returns undefined if there is none */
function verifyKeptAddon(target: NativePackage, library: string): Verification | undefined {
  if (!hasLibrary(library) || !restoreAddon(target, library)) return undefined;
  placeLibrary(library, target);
  return verifyPackage(target);
}

/** Unpacks a wheel unless that was done before. One that pip downloaded is deleted then. */
function prepareLibrary({ file, library }: WheelSource, { gpu, cacheDir, report }: BuildOptions): void {
  if (hasLibrary(library)) {
    report(`library: unpacked before to ${library}`);
    return;
  }
  const downloads = join(cacheDir, "download");
  try {
    if (file === undefined) report("wheel: pip downloads it, hundreds of MB ...");
    const wheel = file ?? downloadWheel(gpu, downloads);
    report(`wheel: ${wheel}`);
    const seconds = timed(() => unpackLibrary(wheel, library));
    report(`library: unpacked in ${seconds} s to ${library}`);
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

/** @returns seconds */
function timed(action: () => void): number {
  const start = performance.now();
  action();
  return Math.round((performance.now() - start) / 1000);
}
