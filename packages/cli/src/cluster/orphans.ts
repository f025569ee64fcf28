// What a run that was killed with kill -9 left behind: its children are written down as they start, and ended by the next
// run before it opens their files.

import { execFile } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isSameProcessAlive, type ProcessIdentity } from "../system/process/process-identity.js";
import { sleep } from "../system/waiting.js";

const GRACE_MS = 8_000;
const POLL_MS = 50;

export interface ChildRecord extends ProcessIdentity {
  readonly name: string;
  /** Name of the Docker container that the process stands for. */
  readonly container?: string;
}

/** Keeps a file with the live children of a run. */
export class ChildRecords {
  readonly #path: string;
  readonly #records = new Map<string, ChildRecord>();

  constructor(path: string) {
    this.#path = path;
  }

  set(record: ChildRecord): void {
    this.#records.set(record.name, record);
    writeFileSync(`${this.#path}.new`, JSON.stringify([...this.#records.values()], null, 2));
    renameSync(`${this.#path}.new`, this.#path);
  }

  /** Says that no child is left. */
  clear(): void {
    rmSync(this.#path, { force: true });
  }
}

/**
 * Ends every process that an earlier run recorded and that still lives.
 *
 * @returns their names
 */
export async function stopLeftovers(path: string): Promise<string[]> {
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
    // Ignored: it ended by itself.
  }
}

function removeContainer(name: string): Promise<void> {
  // Ignored: a container that is gone cannot be removed.
  return new Promise((resolve) => execFile("docker", ["rm", "--force", name], () => resolve()));
}
