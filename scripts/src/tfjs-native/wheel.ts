import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { runProgram } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";

/** The TensorFlow version that the addon is tested with. */
const TENSORFLOW_VERSION = "2.21.0";

/** Python's name of each architecture, by Node's name. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

const RETRIES = 1;
const TIMEOUT_SECONDS = 15;

/** Returns the name and version of the wheel that pip downloads, as `wheelName` does. */
export function downloadedWheelName(gpu: boolean): string {
  return `${pythonPackage(gpu).replace("-", "_")}-${TENSORFLOW_VERSION}`;
}

/** The package `tensorflow` contains CUDA code and is twice as large as `tensorflow-cpu`. */
function pythonPackage(gpu: boolean): string {
  return gpu ? "tensorflow" : "tensorflow-cpu";
}

/**
 * Returns the absolute path of a given wheel.
 *
 * @throws {StepError} if the file is missing or not named as a TensorFlow wheel
 */
export function givenWheel(file: string): string {
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new StepError("wheel", { reason: `${file} does not exist`, advice: "give the file of a TensorFlow wheel" });
  }
  wheelName(path);
  return path;
}

/**
 * Returns name and version of a wheel from its file name, for example "tensorflow_cpu-2.21.0".
 *
 * @throws {StepError} if the file is not named as a TensorFlow wheel for Linux
 */
export function wheelName(path: string): string {
  const name = /^(tensorflow\w*-\d[^-]*)-.*linux.*\.whl$/.exec(basename(path))?.[1];
  if (name === undefined) {
    const reason = `${basename(path)} is not the file name of a TensorFlow wheel for Linux`;
    throw new StepError("wheel", { reason, advice: "give a wheel under the name with which pip downloads it" });
  }
  return name;
}

/**
 * Downloads the wheel with pip, from its configured index. The Python version of the wheel does not
 * matter, because only its C library is used.
 *
 * @returns the path of the wheel
 * @throws {StepError} if pip fails
 */
export function downloadWheel(gpu: boolean, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const { succeeded, errorLine } = runProgram("python3", pipArguments(gpu, folder));
  const file = readdirSync(folder).find((name) => name.endsWith(".whl"));
  if (succeeded && file !== undefined) return join(folder, file);
  throw new StepError("wheel", {
    reason: `pip could not download ${requirement(gpu)} (${errorLine})`,
    advice: "download the wheel on another machine and pass it with --wheel FILE",
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
