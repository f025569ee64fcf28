import { existsSync, readdirSync, readFileSync } from "node:fs";

/**
 * Returns the command lines of live processes that have an environment variable with this value;
 * empty without procfs.
 */
export function processesWith(variable: string, value: string): string[] {
  if (!existsSync("/proc/self/environ")) return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => readProc(pid, "environ").includes(`${variable}=${value}\0`)).map(describeProcess);
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // The process has ended, or belongs to another user.
  }
}

function describeProcess(pid: string): string {
  return `${pid} ${readProc(pid, "cmdline").replaceAll("\0", " ")}`;
}
