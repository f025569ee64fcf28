// A Python with gRPC and its tools for the tests, in the cache of this checkout.

import { fileURLToPath } from "node:url";
import { runProgram, runStep } from "../steps/program.js";
import { makeEnvironment, pythonIn } from "./environment.js";

const GRPC_VERSION = "1.85.1";
const PACKAGES = ["grpcio", "grpcio-status", "grpcio-tools"].map((name) => `${name}==${GRPC_VERSION}`);

/** The folder of the environment. Deleting it frees the space, 45 MB. */
const HOME = fileURLToPath(new URL(`../../../.cache/python/grpc-${GRPC_VERSION}`, import.meta.url));

const IMPORT = ["-c", "import grpc_tools, grpc_status, google.rpc"];

/** Returns a Python with gRPC; undefined if `prepareGrpc` has not made one. */
export function grpcPython(): string | undefined {
  const python = pythonIn(HOME);
  return runProgram(python, IMPORT).succeeded ? python : undefined;
}

/**
 * Prepares a Python with gRPC, unless there is one.
 *
 * @param report - receives one line before the long step
 * @returns one line: where it is
 * @throws {StepError} if a step fails
 */
export function prepareGrpc(report: (line: string) => void): string {
  const title = "gRPC for Python";
  if (grpcPython() === undefined) {
    report(`${title}: installing packages of Python, 15 MB ...`);
    makeEnvironment(HOME, { title, packages: PACKAGES }, (folder) => runStep(title, pythonIn(folder), IMPORT));
  }
  return `${title} from ${pythonIn(HOME)}`;
}
