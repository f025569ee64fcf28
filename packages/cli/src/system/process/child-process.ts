import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import type { ChildExit } from "../../cluster/restart-policy.js";
import { identityOf, type ProcessIdentity } from "./process-identity.js";

/** A program to run as a child. */
export interface Program {
  /** Unique among the children of a run: "nats-server", "coordinator", "trainer-1". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Standard output and standard error are appended here. */
  readonly logPath: string;
}

/** A child that was started. It is in a process group of its own, so that Ctrl-C reaches only its parent. */
export interface RunningChild {
  readonly identity: ProcessIdentity | undefined;
  /** Resolves when the process has ended and whatever it left in its group was killed. */
  readonly exited: Promise<ChildExit>;
  /** What it wrote so far. */
  readLog(): string;
  /** Asks it to end. */
  terminate(): void;
  /** Ends it and its group at once. */
  kill(): void;
}

/**
 * Starts a program. Its standard input is a pipe that this process holds: it closes however this process ends, which is how
 * a child learns that it is alone.
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
  // Ignored: nothing is ever written; a child that is gone closes its end.
  child.stdin?.on("error", () => undefined);
  return {
    identity: child.pid === undefined ? undefined : identityOf(child.pid),
    exited: exitOf(child, () => killGroup(child)),
    readLog: () => readFileSync(program.logPath).subarray(offset).toString("utf8"),
    terminate: () => void child.kill("SIGTERM"),
    kill: () => killGroup(child),
  };
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
    // Ignored: nobody is left in the group.
  }
}
