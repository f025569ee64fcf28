import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Names one process for good: ids are used again, an id with the time it was started is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, as the system tells it; empty where it does not. Compared, never read. */
  readonly started: string;
}

/** The identity of a live process, or undefined if there is none with this id. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  return isAlive(pid) ? { pid, started: startOf(pid) } : undefined;
}

/** Whether the very process that was recorded still lives. */
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

/** A process that has ended and that nobody has waited for still takes signals. */
function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === "Z";
}

function startOf(pid: number): string {
  const fields = statFields(pid);
  if (fields !== undefined) return fields[19] ?? "";
  try {
    return execFileSync("ps", ["-p", String(pid), "-o", "lstart="], { encoding: "utf8" }).trim();
  } catch {
    return ""; // Ignored: without ps the id alone has to do.
  }
}

/** Fields of /proc/PID/stat from the state on (proc(5) counts it as the third), or undefined without procfs. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
