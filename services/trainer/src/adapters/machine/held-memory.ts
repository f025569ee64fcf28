// The memory that processes hold: their own pages and shared memory. Pages of files count for
// nobody, since the kernel can drop them.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readText } from "./control-group.js";

/**
 * Reads the memory of processes and of all their descendants.
 *
 * @param groups - processes by the key of their sum
 * @param folder - where the kernel shows processes
 * @returns bytes by key
 */
export async function heldMemory(
  groups: ReadonlyMap<number, readonly number[]>,
  folder: string,
): Promise<ReadonlyMap<number, number>> {
  const children = await childrenIn(folder);
  const sums = new Map<number, number>();
  for (const [key, roots] of groups) {
    let sum = 0;
    for (const pid of withDescendants(roots, children)) sum += await heldBy(pid, folder);
    sums.set(key, sum);
  }
  return sums;
}

/** Returns the children of each process. */
async function childrenIn(folder: string): Promise<ReadonlyMap<number, readonly number[]>> {
  const children = new Map<number, number[]>();
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    // The name of the program is in parentheses and may contain any character.
    const stat = await readText(join(folder, name, "stat"));
    const parent = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function withDescendants(
  roots: readonly number[],
  children: ReadonlyMap<number, readonly number[]>,
): ReadonlySet<number> {
  const found = new Set(roots);
  // A set visits what is added while it is visited.
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return found;
}

async function heldBy(pid: number, folder: string): Promise<number> {
  const status = (await readText(join(folder, String(pid), "status"))) ?? "";
  const kib = (name: string): number => Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m"))?.[1] ?? 0);
  return (kib("RssAnon") + kib("RssShmem")) * 1024;
}
