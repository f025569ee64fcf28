// One run to a folder. The lock is a file that names its owner, so that a lock left behind by kill -9 is seen through at
// once, without waiting for it to grow old.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import { identityOf, isSameProcessAlive, type ProcessIdentity } from "../../system/process/process-identity.js";

const LOCK_FILE = "run.lock";
const ATTEMPTS = 5;

/** A lock that is held. */
export interface FolderLock {
  /** Safe to repeat. */
  release(): void;
}

/**
 * Takes the lock of a folder for this process.
 *
 * @throws {UserError} if a live process holds it
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_FILE);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(path)) return { release: () => rmSync(path, { force: true }) };
    const owner = ownerOf(folder);
    if (owner !== undefined) throw inUse(folder, owner);
    removeStale(path);
  }
  throw new UserError(`${folder}: another run is starting there at this moment`);
}

/** The live process that works in a folder, or undefined if none does. */
export function ownerOf(folder: string): ProcessIdentity | undefined {
  const owner = readOwner(join(folder, LOCK_FILE));
  return owner !== undefined && isSameProcessAlive(owner) ? owner : undefined;
}

/** Makes the lock with its content in one step: a link to a file that is complete. */
function create(path: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(identityOf(process.pid)));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a dead owner's lock; one that another process took in the meantime is put back. */
function removeStale(path: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    const owner = readOwner(aside);
    if (owner !== undefined && isSameProcessAlive(owner)) linkSync(aside, path);
  } catch {
    // Ignored: somebody else removed or took it, which the next attempt sees.
  } finally {
    rmSync(aside, { force: true });
  }
}

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function inUse(folder: string, owner: ProcessIdentity): UserError {
  return new UserError(
    `${folder}: another run (process ${owner.pid}) is working there; wait for it, or take another --dir`,
  );
}
