// The start of the real coordinator over logs that a loaded coordinator has written.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { startNatsServer } from "@sintonia/tests/support/nats-server";
import { resourcesOf } from "../../soak/child-resources.js";
import { CoordinatorProcess } from "../event-loop/coordinator-process.js";
import { cpuSecondsOf } from "./cpu-time.js";
import { type LoadedStudies, writeLogs } from "./written-logs.js";

/**
 * Number of starts. The first one reads the logs whole, copies them into a new state folder, and
 * writes snapshots, which the others read.
 */
const STARTS = 3;

/** Time without a new snapshot after which all are written, in milliseconds. */
const QUIET_MS = 2_000;

export interface StartFigures {
  /** From the start of the process until the coordinator is ready. */
  readonly seconds: number;
  /** Processor time of the process until then. */
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

export interface RecoveryFigures extends LoadedStudies {
  readonly records: number;
  readonly events: number;
  readonly bytes: number;
  readonly starts: readonly StartFigures[];
}

/** Measures the recovery of studies. */
export async function measureRecovery(load: LoadedStudies): Promise<RecoveryFigures> {
  const server = await startNatsServer();
  const stateDir = await mkdtemp(join(tmpdir(), "sintonia-recovery-"));
  try {
    const written = await writeLogs(server.url, load);
    const starts: StartFigures[] = [];
    while (starts.length < STARTS) starts.push(await measureStart(server.url, stateDir));
    return { ...load, ...written, starts };
  } finally {
    await server.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

async function measureStart(natsUrl: string, stateDir: string): Promise<StartFigures> {
  const startMs = performance.now();
  const coordinator = await CoordinatorProcess.start(natsUrl, stateDir);
  const seconds = (performance.now() - startMs) / 1_000;
  const cpuSeconds = await cpuSecondsOf(coordinator.pid);
  const memoryMb = Math.round((await resourcesOf(coordinator.pid)).residentBytes / 1e6);
  await snapshotsWritten(join(stateDir, "snapshots"));
  await coordinator.stop();
  return { seconds, cpuSeconds, memoryMb };
}

/** Waits until the coordinator writes no further snapshots. */
async function snapshotsWritten(folder: string): Promise<void> {
  for (let before = ""; ; ) {
    await setTimeout(QUIET_MS);
    const present = (await readdir(folder)).join();
    if (present === before) return;
    before = present;
  }
}
