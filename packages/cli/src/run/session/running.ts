import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type ClientSecurity, clientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { operatorTokenFile } from "../../cluster/credentials.js";
import { sleep } from "../../system/waiting.js";
import { readJson } from "../folder/files.js";
import { lockOwner } from "../folder/lock.js";
import { RunFolder } from "../folder/run-folder.js";

/**
 * Returns the address of the coordinator of the run that works in a folder, undefined if no run
 * does.
 */
export function coordinatorOf(dir: string): string | undefined {
  return runningCluster(dir)?.coordinator;
}

/** The addresses of a run. */
interface RunningCluster {
  /** "host:port" of the coordinator. */
  readonly coordinator: string;
  /** "http://host:port" of the live page; undefined without one. */
  readonly page?: string;
}

/** Returns the addresses of the run that works in a folder, undefined if no run does. */
export function runningCluster(dir: string): RunningCluster | undefined {
  const folder = new RunFolder(resolve(dir));
  const owner = lockOwner(folder.path);
  const cluster = readJson<RunningCluster & { readonly pid: number }>(folder.cluster);
  return owner !== undefined && cluster?.pid === owner.pid ? cluster : undefined;
}

/**
 * Returns the identity with which the user of a run calls its coordinator. A run of an earlier
 * version has none.
 *
 * @param address - "host:port" of the coordinator
 */
export function runSecurity({ secrets }: Pick<RunFolder, "secrets">, address: string): ClientSecurity {
  const file = operatorTokenFile(secrets);
  return existsSync(file) ? clientSecurity({ coordinatorTokenFile: file }, address) : {};
}

/** Time for which a reader waits for a run that is starting or ending, in milliseconds. */
const WAIT_MAX_MS = 30_000;
const POLL_MS = 100;

/**
 * Returns the address of the coordinator of the run that works in a folder. Waits for it while the
 * run is starting. Returns undefined if no run works there, or if the run has no coordinator in
 * time.
 */
export async function startedCoordinatorOf(dir: string): Promise<string | undefined> {
  const { path } = new RunFolder(resolve(dir));
  for (let waitedMs = 0; waitedMs < WAIT_MAX_MS && lockOwner(path) !== undefined; waitedMs += POLL_MS) {
    const address = coordinatorOf(dir);
    if (address !== undefined) return address;
    await sleep(POLL_MS, new AbortController().signal);
  }
  return undefined;
}

/**
 * Waits for the end of the run whose coordinator had an address. Returns false if the run still
 * works after the waiting time: its coordinator does not answer for another reason.
 */
export async function hasRunEnded(dir: string, address: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < WAIT_MAX_MS; waitedMs += POLL_MS) {
    if (coordinatorOf(dir) !== address) return true;
    await sleep(POLL_MS, new AbortController().signal);
  }
  return false;
}
