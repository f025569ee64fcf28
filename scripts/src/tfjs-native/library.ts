import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";
import type { NativePackage } from "./native-package.js";

// The folder of a library has the layout that the addon's binding.gyp expects: `lib` with the two
// shared libraries, and `include`.

/** Parts of a wheel that the addon needs at compile time and at run time. */
const WHEEL_PARTS = [
  "tensorflow/libtensorflow_cc.so.2",
  "tensorflow/libtensorflow_framework.so.2",
  "tensorflow/include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/platform/",
  "tensorflow/include/xla/tsl/",
  "tensorflow/include/tsl/",
];
const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
/** Library names that the addon links against. */
const LINKS = { "libtensorflow.so": LIBRARIES[0], "libtensorflow_framework.so": LIBRARIES[1] } as Record<
  string,
  string
>;

const UNPACK = `
import sys, zipfile
wheel, target, *parts = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(tuple(parts)):
            archive.extract(name, target)
`;

/**
 * Returns true if a folder holds an unpacked library. The folder gets its name once it is complete.
 */
export function hasLibrary(folder: string): boolean {
  return existsSync(folder);
}

/**
 * Unpacks the library of a wheel into a folder, in the layout of the addon.
 *
 * @throws {StepError} if the wheel is damaged or lacks a file
 */
export function unpackLibrary(wheel: string, folder: string): void {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  try {
    unpack(wheel, partial);
    arrange(wheel, partial);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function unpack(wheel: string, folder: string): void {
  const { succeeded, errorLine } = runProgram("python3", ["-c", UNPACK, wheel, folder, ...WHEEL_PARTS]);
  if (!succeeded) throw notUsable(wheel, errorLine);
}

/** Moves the unpacked files from the layout of the wheel to the layout of the addon. */
function arrange(wheel: string, folder: string): void {
  const unpacked = join(folder, "tensorflow");
  const headers = join(unpacked, "include", "tensorflow", "c", "eager", "c_api.h");
  const missing = [headers, ...LIBRARIES.map((name) => join(unpacked, name))].find((path) => !existsSync(path));
  if (missing !== undefined) throw notUsable(wheel, `it has no ${missing.slice(folder.length + 1)}`);
  mkdirSync(join(folder, "lib"));
  renameSync(join(unpacked, "include"), join(folder, "include"));
  for (const name of LIBRARIES) renameSync(join(unpacked, name), join(folder, "lib", name));
  rmSync(unpacked, { recursive: true });
}

function notUsable(wheel: string, reason: string): StepError {
  return new StepError("library", { reason: `${wheel} is not usable (${reason})`, advice: "use another wheel" });
}

/** Replaces the package's folder `deps` by a library. Hard links avoid a copy of 0.8 GB. */
export function placeLibrary(folder: string, { folder: target }: NativePackage): void {
  const deps = join(target, "deps");
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, "lib"), { recursive: true });
  symlinkSync(join(folder, "include"), join(deps, "include"));
  for (const name of readdirSync(join(folder, "lib"))) linkOrCopy(join(folder, "lib", name), join(deps, "lib", name));
  for (const [link, name] of Object.entries(LINKS)) symlinkSync(name, join(deps, "lib", link));
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // Hard links do not work between file systems.
  }
}
