import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { openPipes, type ProgramPipes } from "./pipes.js";
import { startFault } from "./start-fault.js";

/** The process to start. */
export interface ProcessPlan {
  /** The program and its arguments, with every value in place. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Working folder of the program. */
  readonly folder: string;
  /** Folder of this process alone, for the pipes. */
  readonly controlFolder: string;
  /** User to run as; undefined for the user of this process. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A process that has started, in a group of its own. */
export interface StartedProcess {
  readonly pid: number;
  readonly pipes: ProgramPipes;
  /** Settles when the first process has ended. Its descendants may live on. */
  readonly exit: Promise<ProcessExit>;
}

/** The end of a process: an exit code or a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The outcome of a start; `fault` is a sentence for a person. */
export type Start =
  | { readonly kind: "started"; readonly process: StartedProcess }
  | { readonly kind: "failed"; readonly fault: string };

/** Starts a process as the leader of a session and a group of its own. */
export async function startProcess(plan: ProcessPlan): Promise<Start> {
  const pipes = await openPipes(plan.controlFolder);
  try {
    const child = spawnDetached(plan, pipes);
    const exit = exitOf(child);
    await started(child);
    return { kind: "started", process: { pid: child.pid as number, pipes, exit } };
  } catch (error) {
    for (const pipe of [pipes.output, pipes.reports, pipes.directives]) pipe.destroy();
    return { kind: "failed", fault: await faultOf(plan, error) };
  } finally {
    pipes.closeProgramEnds();
  }
}

function spawnDetached({ command, environment, folder, user }: ProcessPlan, pipes: ProgramPipes): ChildProcess {
  const [program = "", ...words] = command;
  const [output, reports, directives] = pipes.programEnds;
  return spawn(program, words, {
    cwd: folder,
    env: environment,
    stdio: ["ignore", output, output, reports, directives],
    detached: true,
    ...(user ?? {}),
  });
}

/** @throws the error of the start */
async function started(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) throw (await once(child, "error"))[0];
}

async function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return await new Promise((resolveExit) => {
    child.once("exit", (code, signal) => resolveExit({ code, signal }));
  });
}

async function faultOf({ command, folder }: ProcessPlan, error: unknown): Promise<string> {
  const program = command[0] ?? "";
  const file = await stat(resolve(folder, program)).catch(() => undefined);
  const inFolder = file === undefined ? undefined : file.isDirectory() ? "folder" : "file";
  const { code, message } = error as NodeJS.ErrnoException;
  return startFault({ command: program, code: code ?? message, inFolder });
}
