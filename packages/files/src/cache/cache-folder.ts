// The folder of a file cache. Several trainers may share it, also on different machines.
//
// `<checksum>` is a complete file. `<checksum>.<uuid>.part` is a download, of the trainer that gave
// it this name; `new.<uuid>.part` is one of unknown checksum, which nobody continues.
// `<checksum>.lock` excludes all other trainers while one takes a download.
//
// A trainer touches what it uses every TOUCH_MS. What nobody has touched for FRESH_MS is free: a
// complete file may be deleted, and another trainer may continue a download. Therefore a dead
// trainer holds nothing. The age of an entry is that of its access time; a touch keeps the
// modification time, by which a trainer recognises a file that it has checked.

import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readdir, rename, rm, rmdir, stat, utimes } from "node:fs/promises";
import path from "node:path";
import type { Sha256 } from "@sintonia/protocol/names";
import type { Clock } from "@sintonia/runtime/clock";
import { makeFolder } from "@sintonia/runtime/file/folders";

/** Interval of the touches of files in use, in milliseconds. */
export const TOUCH_MS = 10_000;

/** Age from which an entry is free: two touches may fail. */
export const FRESH_MS = 3.5 * TOUCH_MS;

const PART_SUFFIX = ".part";

/** A file or a download in the folder. */
export interface CacheEntry {
  readonly path: string;
  readonly sizeBytes: number;
  /** Wall time of the last use, in milliseconds since 1970. */
  readonly usedMs: number;
  readonly isFree: boolean;
}

/** A state of a complete file. Equal states have equal bytes. */
export interface FileState {
  readonly sizeBytes: number;
  readonly inode: number;
  readonly changedMs: number;
}

/** The entries of a cache, and the rights to them. */
export class CacheFolder {
  readonly path: string;
  readonly #clock: Pick<Clock, "wallTime">;

  constructor(folder: string, clock: Pick<Clock, "wallTime">) {
    this.path = folder;
    this.#clock = clock;
  }

  /** Returns the path of a complete file. */
  pathOf(sha256: Sha256): string {
    return path.join(this.path, sha256);
  }

  /** Lists all entries, the one that was used longest ago first. */
  async entries(): Promise<readonly CacheEntry[]> {
    const entries: CacheEntry[] = [];
    for (const name of await readdir(this.path).catch(unlessMissing<readonly string[]>([]))) {
      const entry = await this.#entryOf(path.join(this.path, name));
      if (entry !== undefined) entries.push(entry);
    }
    return entries.sort((one, other) => one.usedMs - other.usedMs);
  }

  /** Touches a complete file. Returns the state before the touch; undefined if it is missing. */
  async use(sha256: Sha256): Promise<FileState | undefined> {
    const file = this.pathOf(sha256);
    const found = await stat(file).catch(unlessMissing(undefined));
    await this.touch(file);
    return found && { sizeBytes: found.size, inode: found.ino, changedMs: found.mtimeMs };
  }

  /** Notes that this trainer uses an entry. Does nothing if it is gone. */
  async touch(file: string): Promise<void> {
    const found = await stat(file).catch(unlessMissing(undefined));
    if (found === undefined) return;
    await utimes(file, this.#nowMs() / 1000, wholeSeconds(found.mtimeMs) / 1000).catch(unlessMissing(undefined));
  }

  /** Frees a download at once. Deletes one without bytes. */
  async free(part: string): Promise<void> {
    const found = await stat(part).catch(unlessMissing(undefined));
    if (found?.size === 0) return await this.delete(part);
    const freed = (this.#nowMs() - FRESH_MS) / 1000;
    await utimes(part, freed, freed).catch(unlessMissing(undefined));
  }

  /**
   * Takes the right to download a file: continues the longest free download, or begins one.
   *
   * @returns the path to write to; undefined while another trainer downloads or has the file
   */
  async claim(sha256: Sha256): Promise<string | undefined> {
    await makeFolder(this.path);
    const lock = path.join(this.path, `${sha256}.lock`);
    if (!(await this.#lock(lock))) return undefined;
    try {
      return await this.#claimLocked(sha256);
    } finally {
      await rmdir(lock).catch(unlessMissing(undefined));
    }
  }

  /** Begins a download whose checksum is not known yet. Returns the path of an empty file. */
  async draft(): Promise<string> {
    await makeFolder(this.path);
    const part = path.join(this.path, `new.${randomUUID()}${PART_SUFFIX}`);
    await (await open(part, "wx")).close();
    return part;
  }

  /** Makes a checked download the complete file. Nobody may write to it from then on. */
  async complete(part: string, sha256: Sha256): Promise<void> {
    await chmod(part, 0o444);
    await this.touch(part);
    await rename(part, this.pathOf(sha256));
  }

  /** Deletes an entry. */
  async delete(file: string): Promise<void> {
    await rm(file, { force: true });
  }

  async #claimLocked(sha256: Sha256): Promise<string | undefined> {
    const parts = await this.#partsOf(sha256);
    if (parts.some(({ isFree }) => !isFree)) return undefined;
    const isComplete = await stat(this.pathOf(sha256)).then(() => true, unlessMissing(false));
    if (isComplete) return undefined;
    const own = path.join(this.path, `${sha256}.${randomUUID()}${PART_SUFFIX}`);
    const longest = parts.toSorted((one, other) => other.sizeBytes - one.sizeBytes)[0];
    if (longest === undefined) await (await open(own, "wx")).close();
    else await rename(longest.path, own);
    await this.touch(own);
    return own;
  }

  /** Makes the folder that stands for a lock. Breaks the lock of a trainer that died. */
  async #lock(lock: string): Promise<boolean> {
    try {
      await mkdir(lock);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const found = await stat(lock).catch(unlessMissing(undefined));
      if (found !== undefined && found.mtimeMs <= this.#nowMs() - FRESH_MS)
        await rmdir(lock).catch(unlessMissing(undefined));
      return false;
    }
  }

  async #partsOf(sha256: Sha256): Promise<readonly CacheEntry[]> {
    const prefix = path.join(this.path, `${sha256}.`);
    return (await this.entries()).filter((entry) => entry.path.startsWith(prefix));
  }

  async #entryOf(file: string): Promise<CacheEntry | undefined> {
    const found = await stat(file).catch(unlessMissing(undefined));
    if (found === undefined || !found.isFile()) return undefined;
    // Writing does not change the access time.
    const usedMs = file.endsWith(PART_SUFFIX) ? Math.max(found.atimeMs, found.mtimeMs) : found.atimeMs;
    return { path: file, sizeBytes: found.size, usedMs, isFree: usedMs <= this.#nowMs() - FRESH_MS };
  }

  #nowMs(): number {
    return this.#clock.wallTime().getTime();
  }
}

/**
 * Returns the time of change that a touch leaves. Whole seconds: a file system may not keep
 * fractions.
 */
export function wholeSeconds(changedMs: number): number {
  return Math.floor(changedMs / 1000) * 1000;
}

/** Returns a handler of errors that replaces a missing file by a value. */
function unlessMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return value;
    throw error;
  };
}
