// The lock of a run folder: a file with the identity of the process that holds it. A lock of a dead
// process counts as released, so that a run that was killed does not block the folder.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import { identityOf, isSameProcessAlive, type ProcessIdentity } from "../../system/process/process-identity.js";

const LOCK_FILE = "run.lock";
/**
 * Upper limit of attempts to create the lock. An attempt on a dead process's lock fails only if
 * another process changes the lock at the same moment.
 */
const ATTEMPTS = 5;

interface FolderLock {
  /** Deletes the lock file. Safe to repeat. */
  release(): void;
}

/**
 * Locks a folder for this process.
 *
 * @throws {UserError} if a live process holds the lock
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_FILE);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(path)) return { release: () => rmSync(path, { force: true }) };
    const owner = lockOwner(folder);
    if (owner !== undefined) throw inUse(folder, owner);
    removeStale(path);
  }
  throw new UserError(`${folder}: another run is starting there at this moment`);
}

/** Returns the live process that holds the lock of a folder, undefined if there is none. */
export function lockOwner(folder: string): ProcessIdentity | undefined {
  const owner = readOwner(join(folder, LOCK_FILE));
  return owner !== undefined && isSameProcessAlive(owner) ? owner : undefined;
}

/**
 * Creates the lock file with its content in one step: as a link to a complete file. Returns false
 * if it exists.
 */
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

/**
 * Removes the lock of a dead process. Puts back a lock that a live process has created in the
 * meantime.
 */
function removeStale(path: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    const owner = readOwner(aside);
    if (owner !== undefined && isSameProcessAlive(owner)) linkSync(aside, path);
  } catch {
    // Ignored: another process removed or created the lock; the next attempt finds out.
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
    `${folder}: another run (process ${owner.pid}) is working there; wait until it ends, or choose another --dir`,
  );
}
