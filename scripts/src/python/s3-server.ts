import { join } from "node:path";
import { runProgram, runStep } from "../steps/program.js";

/** The S3 server of the tests: a Python package. */
const PACKAGE = "moto[server]==5.2.1";
const IMPORTS = ["-c", "import boto3, moto.server"];

/**
 * Makes an S3 server for tests available: that of the machine's Python, or one in a folder.
 *
 * @returns what was found or installed, for a person
 * @throws {StepError} if it cannot be installed
 */
export function prepareS3Server(folder: string): string {
  const python = join(folder, "bin", "python");
  for (const found of [python, "python3"]) if (runProgram(found, IMPORTS).succeeded) return `S3 server of ${found}`;
  runStep("S3 server", "python3", ["-m", "venv", folder]);
  runStep("S3 server", python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]);
  return `S3 server installed in ${folder}`;
}
