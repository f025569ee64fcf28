// Finds the processes of an execution: those of its process group, and those that left the group
// but kept its environment or its folder.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
import { MARK_VARIABLE } from "../command/environment.js";

/** What the processes of one execution have in common. */
export interface ProcessMark {
  /** Value of the mark in the environment. */
  readonly mark: string;
  /** Folder of the execution. */
  readonly folder: string;
  /** Process group; undefined before the program has started. */
  readonly group?: number | undefined;
  /** True to find also the processes that hold a pipe of the execution, which takes longer. */
  readonly holdsPipes?: boolean;
}

/**
 * Returns the ids of the living processes of an execution. Without /proc, outside Linux, returns
 * the group as a negative number if it has a member. Reads are synchronous: those of /proc take 10
 * µs each, several times less than through a thread.
 */
export function findProcesses(mark: ProcessMark): number[] {
  const entries = orElse(() => readdirSync("/proc"), []);
  const ids = entries.filter((name) => /^\d+$/.test(name)).map(Number);
  if (ids.length === 0) return groupAlone(mark);
  return ids.filter((id) => id !== process.pid && isOf(mark, id));
}

function isOf({ mark, folder, group, holdsPipes = false }: ProcessMark, id: number): boolean {
  const stat = orElse(() => readFileSync(`/proc/${id}/stat`, "latin1"), "");
  // The command's name may contain blanks and parentheses.
  const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === undefined || state === "" || state === "Z" || state === "X") return false;
  if (group !== undefined && Number(processGroup) === group) return true;
  const environment = orElse(() => readFileSync(`/proc/${id}/environ`, "latin1"), "");
  if (environment.split("\0").includes(`${MARK_VARIABLE}=${mark}`)) return true;
  if (isBelow(folder, `/proc/${id}/cwd`)) return true;
  if (!holdsPipes) return false;
  const descriptors = orElse(() => readdirSync(`/proc/${id}/fd`), []);
  return descriptors.some((descriptor) => isBelow(folder, `/proc/${id}/fd/${descriptor}`));
}

function isBelow(folder: string, link: string): boolean {
  const target = orElse(() => readlinkSync(link), "");
  return target === folder || target.startsWith(folder + sep);
}

/**
 * Reads something of a process. It is unreadable if the process has ended or belongs to another
 * user.
 */
function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function groupAlone({ group }: ProcessMark): number[] {
  if (group === undefined) return [];
  try {
    process.kill(-group, 0);
    return [-group];
  } catch {
    return [];
  }
}
