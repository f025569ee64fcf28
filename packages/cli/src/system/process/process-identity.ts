import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Identity of one process for all time. The system reuses process ids, but not with the same start
 * time.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * Start time in the system's own notation, only compared and never parsed; empty if the system
   * does not tell.
   */
  readonly started: string;
}

/** Returns the identity of a live process, undefined if no process has this id. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  return isAlive(pid) ? { pid, started: startOf(pid) } : undefined;
}

/** Returns true if the recorded process itself is alive, not another one under the same id. */
export function isSameProcessAlive(recorded: ProcessIdentity): boolean {
  const present = identityOf(recorded.pid);
  return present !== undefined && (recorded.started === "" || present.started === recorded.started);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Recognizes a process that has ended but whose parent has not waited for it. Such a process still
 * accepts signals.
 */
function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === "Z";
}

function startOf(pid: number): string {
  const fields = statFields(pid);
  if (fields !== undefined) return fields[19] ?? "";
  try {
    return execFileSync("ps", ["-p", String(pid), "-o", "lstart="], { encoding: "utf8" }).trim();
  } catch {
    return ""; // Ignored: without ps, the process id alone identifies the process.
  }
}

/** Reads /proc/PID/stat from its third field (the state, proc(5)) on; undefined without procfs. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
