// The memory of the control group that bounds this process, as containers have one. Version 2 has
// one tree of groups, version 1 one for memory alone.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where the kernel shows groups and processes. */
export interface KernelFolders {
  /** @default /sys/fs/cgroup */
  readonly groups: string;
  /** @default /proc */
  readonly processes: string;
}

/** The folders of Linux. */
export const KERNEL_FOLDERS: KernelFolders = { groups: "/sys/fs/cgroup", processes: "/proc" };

/** Memory in bytes. */
export interface MachineMemory {
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** The names of one version's files. */
interface GroupFiles {
  readonly limit: string;
  readonly used: string;
  /** Entries of `memory.stat` whose pages the kernel drops before it kills. */
  readonly droppable: readonly string[];
}

const VERSION_1: GroupFiles = {
  limit: "memory.limit_in_bytes",
  used: "memory.usage_in_bytes",
  droppable: ["total_inactive_file", "total_active_file"],
};
const VERSION_2: GroupFiles = {
  limit: "memory.max",
  used: "memory.current",
  droppable: ["inactive_file", "active_file"],
};

/** Limit from which version 1 means none: it has no word for that, but a huge number. */
const NO_LIMIT_BYTES = 2 ** 60;

/**
 * Reads the memory of the nearest group around this process that has a limit. Returns undefined
 * without such a group.
 */
export async function groupMemory(folders: KernelFolders): Promise<MachineMemory | undefined> {
  const own = await readText(join(folders.processes, "self", "cgroup"));
  for (const { folder, root, files } of groupsIn(own ?? "", folders.groups)) {
    for (let path = folder; path.startsWith(root); path = dirname(path)) {
      const memory = await memoryOf(path, files);
      if (memory !== undefined) return memory;
    }
  }
  return undefined;
}

/** Returns the groups of this process that may limit its memory, by its /proc/self/cgroup. */
function groupsIn(own: string, mount: string) {
  return own.split("\n").flatMap((line) => {
    const [hierarchy, controllers = "", ...path] = line.split(":");
    const at = (root: string, files: GroupFiles) => [{ folder: join(root, path.join(":")), root, files }];
    if (controllers.split(",").includes("memory")) return at(join(mount, "memory"), VERSION_1);
    return hierarchy === "0" && controllers === "" ? at(mount, VERSION_2) : [];
  });
}

async function memoryOf(group: string, files: GroupFiles): Promise<MachineMemory | undefined> {
  const totalBytes = Number.parseInt((await readText(join(group, files.limit))) ?? "", 10);
  if (Number.isNaN(totalBytes) || totalBytes >= NO_LIMIT_BYTES) return undefined;
  const used = Number.parseInt((await readText(join(group, files.used))) ?? "", 10);
  const stat = (await readText(join(group, "memory.stat"))) ?? "";
  const droppable = files.droppable.reduce((sum, name) => sum + entry(stat, name), 0);
  return { totalBytes, usedBytes: Math.max(0, used - droppable) };
}

function entry(stat: string, name: string): number {
  return Number(stat.match(new RegExp(`^${name} (\\d+)$`, "m"))?.[1] ?? 0);
}

/** Reads a file of the kernel. Returns undefined if there is none. */
export async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}
