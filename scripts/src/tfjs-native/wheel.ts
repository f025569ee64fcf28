import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { runProgram } from "./program.js";
import { StepError } from "./step-error.js";

/** The version whose library the addon was built against and tried with. */
const TENSORFLOW_VERSION = "2.21.0";

/** Python's name of an architecture, by Node's. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

const RETRIES = 1;
const TIMEOUT_SECONDS = 15;

/** What `wheelName` says of the wheel that pip downloads. */
export function downloadedWheelName(gpu: boolean): string {
  return `${pythonPackage(gpu).replace("-", "_")}-${TENSORFLOW_VERSION}`;
}

/** The one with CUDA's code in it is twice as large. */
function pythonPackage(gpu: boolean): string {
  return gpu ? "tensorflow" : "tensorflow-cpu";
}

/** @throws {StepError} if there is no such wheel */
export function givenWheel(file: string): string {
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new StepError("wheel", { reason: `${file} is not there`, advice: "give the file of a TensorFlow wheel" });
  }
  wheelName(path);
  return path;
}

/** Name and version of a wheel: tensorflow_cpu-2.21.0. @throws {StepError} if the file is not named as a wheel of TensorFlow */
export function wheelName(path: string): string {
  const name = /^(tensorflow\w*-\d[^-]*)-.*linux.*\.whl$/.exec(basename(path))?.[1];
  if (name === undefined) {
    const reason = `${basename(path)} is not named as a wheel of TensorFlow for Linux`;
    throw new StepError("wheel", { reason, advice: "give one that pip has downloaded, under its own name" });
  }
  return name;
}

/**
 * Lets pip download the wheel, from wherever it is configured to. Any Python's will do: only the C library is used.
 *
 * @throws {StepError} if pip cannot
 */
export function downloadWheel(gpu: boolean, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const { succeeded, errorLine } = runProgram("python3", pipArguments(gpu, folder));
  const file = readdirSync(folder).find((name) => name.endsWith(".whl"));
  if (succeeded && file !== undefined) return join(folder, file);
  throw new StepError("wheel", {
    reason: `pip could not download ${requirement(gpu)} (${errorLine})`,
    advice: "download the wheel elsewhere and give it with --wheel FILE",
  });
}

function requirement(gpu: boolean): string {
  return `${pythonPackage(gpu)}==${TENSORFLOW_VERSION}`;
}

function pipArguments(gpu: boolean, folder: string): string[] {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const quick = ["--retries", String(RETRIES), "--timeout", String(TIMEOUT_SECONDS), "--disable-pip-version-check"];
  const any = ["--no-deps", "--only-binary=:all:", "--python-version", "3.11"];
  const platform = ["--platform", `manylinux_2_27_${architecture}`];
  return ["-m", "pip", "download", ...quick, ...any, ...platform, "--dest", folder, requirement(gpu)];
}
