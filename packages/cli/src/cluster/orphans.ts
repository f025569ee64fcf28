// Orphaned processes: the children of a run that was killed with SIGKILL. A run records its
// children as they start, and the next run in the same folder stops the recorded ones before it
// opens their files.

import { execFile } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isSameProcessAlive, type ProcessIdentity } from "../system/process/process-identity.js";
import { sleep } from "../system/waiting.js";

/** Time from SIGTERM to SIGKILL: a service takes up to 8 s for each step of its shutdown. */
const GRACE_MS = 8_000;
const POLL_MS = 50;

interface ChildRecord extends ProcessIdentity {
  readonly name: string;
  /** Name of the Docker container whose client the process is. */
  readonly container?: string;
}

/** The file that lists the live children of a run. */
export class ChildRecords {
  readonly #path: string;
  readonly #records = new Map<string, ChildRecord>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Records a child that was started; replaces an earlier record of the same name. */
  set(record: ChildRecord): void {
    this.#records.set(record.name, record);
    writeFileSync(`${this.#path}.new`, JSON.stringify([...this.#records.values()], null, 2));
    renameSync(`${this.#path}.new`, this.#path);
  }

  /** Deletes the file, once every child has ended. */
  clear(): void {
    rmSync(this.#path, { force: true });
  }
}

/**
 * Stops every live process in the records of an earlier run, and deletes the records.
 *
 * @param path - file of the earlier run's `ChildRecords`
 * @returns names of the stopped processes
 */
export async function stopOrphans(path: string): Promise<string[]> {
  const records = readRecords(path);
  const alive = records.filter(isSameProcessAlive);
  for (const { pid } of alive) signal(pid, "SIGTERM");
  const deadline = performance.now() + GRACE_MS;
  while (alive.some(isSameProcessAlive) && performance.now() < deadline) {
    await sleep(POLL_MS, new AbortController().signal);
  }
  for (const record of alive) {
    if (isSameProcessAlive(record)) signal(-record.pid, "SIGKILL");
  }
  for (const { container } of records) {
    if (container !== undefined) await removeContainer(container);
  }
  rmSync(path, { force: true });
  return alive.map(({ name }) => name);
}

function readRecords(path: string): ChildRecord[] {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ChildRecord[];
  } catch {
    return []; // Ignored: the earlier run ended in order, or there was none.
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Ignored: the process has ended.
  }
}

function removeContainer(name: string): Promise<void> {
  // Ignored: docker fails if the container is already gone.
  return new Promise((resolve) => execFile("docker", ["rm", "--force", name], () => resolve()));
}
