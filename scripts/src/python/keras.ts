// A Python with Keras for the tests, in the cache of this checkout. Keras computes with JAX, whose
// packages have half the size of TensorFlow's.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram, runStep } from "../steps/program.js";
import { makeEnvironment, pythonIn } from "./environment.js";

const KERAS_VERSION = "3.15.1";
const JAX_VERSION = "0.10.2";

/** The folder of the environment. Deleting it frees the space, 660 MB. */
const HOME = fileURLToPath(
  new URL(`../../../.cache/python/keras-${KERAS_VERSION}-jax-${JAX_VERSION}`, import.meta.url),
);

const IMPORT = "import keras; assert keras.__version__ >= '3'";

/** Python runs this file at each start. Keras would choose TensorFlow otherwise. */
const SITE = 'import os\nos.environ.setdefault("KERAS_BACKEND", "jax")\n';

/**
 * Returns a Python with Keras 3: the one that SINTONIA_TEST_PYTHON names, else that of
 * `prepareKeras`, else the machine's; undefined if none of them has it.
 */
export function kerasPython(): string | undefined {
  const named = process.env["SINTONIA_TEST_PYTHON"];
  const candidates = named ? [named] : [pythonIn(HOME), "python3"];
  return candidates.find((python) => runProgram(python, ["-c", IMPORT]).succeeded);
}

/**
 * Prepares a Python with Keras, unless there is one. Installs nothing on the machine.
 *
 * @param report - receives one line before the long step
 * @returns one line: where Keras is
 * @throws {StepError} if a step fails
 */
export function prepareKeras(report: (line: string) => void): string {
  const present = kerasPython();
  if (present !== undefined) return `Keras from ${present}`;
  report("Keras: installing packages of Python, 170 MB, about a minute ...");
  const packages = [`keras==${KERAS_VERSION}`, `jax==${JAX_VERSION}`];
  makeEnvironment(HOME, { title: "Keras", packages }, chooseJax);
  return `Keras from ${pythonIn(HOME)}`;
}

function chooseJax(folder: string): void {
  const python = pythonIn(folder);
  const site = runStep("Keras", python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).trim();
  writeFileSync(join(site, "sitecustomize.py"), SITE);
  runStep("Keras", python, ["-c", IMPORT]);
}
