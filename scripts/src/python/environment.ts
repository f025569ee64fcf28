// Environments of Python in the cache of this checkout. Nothing is installed on the machine.

import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runStep } from "../steps/program.js";

const RETRIES = 1;
const TIMEOUT_SECONDS = 15;

/** An environment: its name for a person, and its packages with their versions. */
interface Environment {
  readonly title: string;
  readonly packages: readonly string[];
}

/** Returns the Python of an environment in a folder. */
export function pythonIn(folder: string): string {
  return join(folder, "bin", "python");
}

/**
 * Makes an environment in a folder, which appears once it is complete.
 *
 * @param finish - runs before that, with the folder so far
 * @throws {StepError} if a step fails
 */
export function makeEnvironment(home: string, environment: Environment, finish: (folder: string) => void): void {
  const partial = `${home}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(home), { recursive: true });
  try {
    install(partial, environment);
    finish(partial);
    rmSync(home, { recursive: true, force: true });
    renameSync(partial, home);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Debian's Python has no pip for new environments; the pip of the machine installs into them. */
function install(folder: string, { title, packages }: Environment): void {
  runStep(title, "python3", ["-m", "venv", "--without-pip", folder]);
  const quick = ["--retries", String(RETRIES), "--timeout", String(TIMEOUT_SECONDS), "--disable-pip-version-check"];
  runStep(title, "python3", ["-m", "pip", "--python", pythonIn(folder), "install", "--quiet", ...quick, ...packages]);
}
