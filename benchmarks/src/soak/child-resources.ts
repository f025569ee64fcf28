// Resources of a process as Linux reports them in /proc.

import { readdir, readFile } from "node:fs/promises";

export interface Resources {
  /** Resident memory in bytes. */
  readonly residentBytes: number;
  readonly threads: number;
  /** Number of open file descriptors: files, pipes, sockets. */
  readonly openFiles: number;
  readonly children: number;
}

/**
 * Reads the resources of a process.
 *
 * @throws an error without /proc, or if the process does not exist
 */
export async function resourcesOf(pid: number): Promise<Resources> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  return {
    residentBytes: 1024 * field("VmRSS"),
    threads: field("Threads"),
    openFiles: (await readdir(`/proc/${pid}/fd`)).length,
    children: await childCount(pid),
  };
}

async function childCount(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, "utf8")));
  return lists.join(" ").split(" ").filter(Boolean).length;
}
