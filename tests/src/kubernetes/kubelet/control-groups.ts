// The control groups of a node. kubelet makes one for each pod below a group that is there.

import { mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";

const ROOT = "/sys/fs/cgroup";

/** Returns why this machine can make no control groups; false if it can. */
export function missingGroups(): string | false {
  const probe = `/sintonia-probe-${process.pid}`;
  try {
    makeGroups(probe);
    return false;
  } catch (error) {
    return `kubelet needs control groups: ${(error as Error).message}`;
  } finally {
    removeGroups(probe);
  }
}

/** Makes a group in each hierarchy of version 1, or in the one of version 2. */
export function makeGroups(name: string): void {
  for (const hierarchy of hierarchies()) mkdirSync(join(hierarchy, name), { recursive: true });
}

/** Removes a group with those below it. @returns false while one has processes */
export function removeGroups(name: string): boolean {
  return hierarchies().every((hierarchy) => isRemoved(join(hierarchy, name)));
}

function isRemoved(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !isRemoved(join(folder, entry.name))) return false;
    }
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function hierarchies(): readonly string[] {
  const entries = readdirSync(ROOT, { withFileTypes: true });
  if (entries.some(({ name }) => name === "cgroup.controllers")) return [ROOT];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(ROOT, name));
}
