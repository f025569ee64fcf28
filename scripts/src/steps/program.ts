import { spawnSync } from "node:child_process";
import { StepError } from "./step-error.js";

/** The result of a program run. */
export interface ProgramResult {
  readonly succeeded: boolean;
  /** Standard output. */
  readonly output: string;
  /** The line of its output that names the error. */
  readonly errorLine: string;
}

/** The surroundings of a program run. */
export interface ProgramOptions {
  readonly cwd?: string;
  /** Variables in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

const OUTPUT_MAX_BYTES = 64 * 2 ** 20;

/** Runs a program and waits for its end. A missing program counts as failed. */
export function runProgram(command: string, args: readonly string[], { cwd, env }: ProgramOptions = {}): ProgramResult {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: OUTPUT_MAX_BYTES,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined) return { succeeded: false, output: "", errorLine: error.message };
  return { succeeded: status === 0, output: stdout, errorLine: errorLineOf(`${stderr}\n${stdout}`) };
}

/** Colours of a terminal, which Docker adds to lines of standard error. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one.
const COLOURS = /\u001b\[[\d;]*m/g;

/**
 * Returns the first line that contains "error:", because later errors usually follow from it; else
 * npm's first line of an error, else the last line. Removes colours.
 */
export function errorLineOf(text: string): string {
  const lines = text
    .replaceAll(COLOURS, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const named = lines.find((line) => /error: ./i.test(line)) ?? lines.find((line) => /^npm error ./.test(line));
  return named ?? lines.at(-1) ?? "it printed nothing";
}

/**
 * Runs a program as a step of a longer work and waits for its end.
 *
 * @param step - name of the step, for the error
 * @returns standard output
 * @throws {StepError} if the program fails
 */
export function runStep(step: string, command: string, args: readonly string[], options: ProgramOptions = {}): string {
  const { succeeded, output, errorLine } = runProgram(command, args, options);
  if (succeeded) return output;
  throw new StepError(step, {
    reason: `${command} failed (${errorLine})`,
    advice: `run it by hand: ${[command, ...args].join(" ")}`,
  });
}
