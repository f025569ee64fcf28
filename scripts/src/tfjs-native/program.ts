import { spawnSync } from "node:child_process";

/** How a program ended. */
export interface ProgramResult {
  readonly succeeded: boolean;
  /** Standard output. */
  readonly output: string;
  /** One line for a person: what it said of an error. */
  readonly errorLine: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** Added to this process's. */
  readonly env?: Readonly<Record<string, string>>;
}

const OUTPUT_MAX_BYTES = 64 * 2 ** 20;

/** Runs a program and waits for its end; one that is not there has failed. */
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

/** The first line that says an error, since others follow from it; else the last line. */
export function errorLineOf(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.find((line) => /error: ./i.test(line)) ?? lines.at(-1) ?? "it said nothing";
}
