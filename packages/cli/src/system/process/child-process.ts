import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { identityOf, type ProcessIdentity } from "./process-identity.js";

/** A program to run as a child process. */
export interface Program {
  /** Unique among the children of a run: "nats-server", "coordinator", "trainer-1". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File to which the child's standard output and standard error are appended. */
  readonly logPath: string;
}

/** The exit of a child process. */
export interface ChildExit {
  /** Null if a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A started child process. It leads its own process group, so that Ctrl-C reaches only its parent.
 */
export interface RunningChild {
  /** Undefined if the program could not be started. */
  readonly identity: ProcessIdentity | undefined;
  /** Resolves when the child has ended and the rest of its process group was killed. */
  readonly exited: Promise<ChildExit>;
  /** Returns what the child has written to its log since its start. */
  readLog(): string;
  /** Asks the child to end (SIGTERM). */
  terminate(): void;
  /** Kills the child and its process group (SIGKILL). */
  kill(): void;
}

/**
 * Starts a program.
 *
 * The child's standard input is a pipe that this process holds open. The system closes the pipe
 * when this process ends, even after SIGKILL, and the child then knows that its parent is gone.
 */
export function startChild(program: Program): RunningChild {
  const log = openSync(program.logPath, "a");
  const offset = fstatSync(log).size;
  const child = spawn(program.command, program.args, {
    env: program.env,
    detached: true,
    stdio: ["pipe", log, log],
  });
  closeSync(log);
  // Ignored: this process never writes to the pipe, and a child that ends closes its side.
  child.stdin?.on("error", () => undefined);
  return {
    identity: child.pid === undefined ? undefined : identityOf(child.pid),
    exited: exitOf(child, () => killGroup(child)),
    readLog: () => readFileSync(program.logPath).subarray(offset).toString("utf8"),
    terminate: () => void child.kill("SIGTERM"),
    kill: () => killGroup(child),
  };
}

/** Describes an exit as a predicate: "ended with code 1", "was killed by SIGKILL". */
export function exitText({ code, signal }: ChildExit): string {
  return signal === null ? `ended with code ${code}` : `was killed by ${signal}`;
}

function exitOf(child: ChildProcess, cleanUp: () => void): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once("error", () => {
      if (child.pid === undefined) resolve({ code: 127, signal: null });
    });
    child.once("exit", (code, signal) => {
      cleanUp();
      resolve({ code, signal });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Ignored: the process group is empty.
  }
}
