// The work folders of trainers that ended without a chance to delete them: their machine failed, or
// their guard was killed too. The trainers of a machine have their folders in one parent folder.

import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/** Interval at which a trainer touches its own folder, in milliseconds. */
const TOUCH_MS = 3_600_000;

/** Age from which a folder is left, in milliseconds: its trainer failed to touch it for a day. */
export const LEFT_AGE_MS = 24 * TOUCH_MS;

/**
 * Deletes the folders in `parent` that nobody has touched for LEFT_AGE_MS. Ignores faults: another
 * trainer may delete a folder at the same time, and the next start tries again.
 *
 * @param nowMs - wall time in milliseconds since 1970
 */
export async function deleteLeftFolders(parent: string, nowMs: number): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = join(parent, name);
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined || !found.isDirectory() || found.mtimeMs > nowMs - LEFT_AGE_MS) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Touches a folder in intervals, if it exists, so that no trainer takes it for a left one. */
export function keepTouched(folder: string): { readonly end: () => void } {
  const timer = setInterval(() => {
    const now = new Date();
    void utimes(folder, now, now).catch(() => undefined);
  }, TOUCH_MS);
  timer.unref();
  return { end: () => clearInterval(timer) };
}
