import { access, mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Interval between two looks, in ms. */
const LOOK_MS = 50;

/** A control group of Linux with a limit of memory, which the kernel enforces. */
export class MemoryGroup {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Makes a group below that of this process, of version 1 or 2.
   *
   * @returns the reason for which it cannot be made, if so
   */
  static async make(name: string, limitBytes: number): Promise<MemoryGroup | string> {
    try {
      const { parent, limit } = await ownGroup();
      const folder = join(parent, name);
      await mkdir(folder);
      const group = new MemoryGroup(folder);
      try {
        await writeFile(join(folder, limit), String(limitBytes));
        return group;
      } catch (error) {
        await group.remove();
        throw error;
      }
    } catch (error) {
      return `no control group with a limit of memory can be made here: ${(error as Error).message}`;
    }
  }

  /** Moves a process into the group. Its later children begin there. */
  async add(pid: number): Promise<void> {
    await writeFile(join(this.#folder, "cgroup.procs"), String(pid));
  }

  /** Number of processes of the group that the kernel has killed. */
  async killCount(): Promise<number> {
    for (const name of ["memory.events", "memory.oom_control"]) {
      const text = await readFile(join(this.#folder, name), "utf8").catch(() => "");
      const count = text.match(/^oom_kill (\d+)$/m)?.[1];
      if (count !== undefined) return Number(count);
    }
    return 0;
  }

  /** Removes the group once its last process has ended. */
  async remove(): Promise<void> {
    for (;;) {
      const error = await rmdir(this.#folder).catch((fault: NodeJS.ErrnoException) => fault);
      if (error === undefined) return;
      if (error.code !== "EBUSY") throw error;
      await delay(LOOK_MS);
    }
  }
}

/** Returns the group of this process for memory, and the name of its limit. */
async function ownGroup(): Promise<{ readonly parent: string; readonly limit: string }> {
  const own = await readFile("/proc/self/cgroup", "utf8");
  const version1 = own.match(/^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m)?.[1];
  if (version1 !== undefined)
    return { parent: await existing("/sys/fs/cgroup/memory", version1), limit: "memory.limit_in_bytes" };
  const version2 = own.match(/^0::(.*)$/m)?.[1] ?? "/";
  return { parent: await existing("/sys/fs/cgroup", version2), limit: "memory.max" };
}

/** Returns a group's folder, or that of the nearest group around it that is visible here. */
async function existing(root: string, path: string): Promise<string> {
  for (let folder = join(root, path); folder.startsWith(root); folder = dirname(folder)) {
    const isThere = await access(folder).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  return root;
}
