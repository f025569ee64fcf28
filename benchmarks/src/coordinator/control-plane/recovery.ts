// The start of the real coordinator over logs that a loaded coordinator has written.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { appendRecord, EMPTY_CHAIN } from "@sintonia/coordinator/shell/study/journal";
import { nameOf, STUDY_ID } from "@sintonia/protocol/names";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { startNatsServer } from "@sintonia/tests/support/nats-server";
import { resourcesOf } from "../../soak/child-resources.js";
import { CoordinatorProcess } from "../event-loop/coordinator-process.js";
import { cpuSecondsOf } from "./cpu-time.js";
import { loadedStudy, type StudySize } from "./loaded-study.js";

/**
 * Number of starts. The first one reads the logs whole, copies them into a new state folder, and
 * writes snapshots, which the others read.
 */
const STARTS = 3;

/** Number of studies whose logs are written at the same time. */
const WRITERS = 32;

/** Time without a new snapshot after which all are written, in milliseconds. */
const QUIET_MS = 2_000;

/** The studies to recover. */
export interface RecoveryLoad extends StudySize {
  /** Number of equal studies. */
  readonly studies: number;
}

export interface StartFigures {
  /** From the start of the process until the coordinator is ready. */
  readonly seconds: number;
  /** Processor time of the process until then. */
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

export interface RecoveryFigures extends RecoveryLoad {
  readonly records: number;
  readonly events: number;
  readonly bytes: number;
  readonly starts: readonly StartFigures[];
}

/** Measures the recovery of studies. */
export async function measureRecovery(load: RecoveryLoad): Promise<RecoveryFigures> {
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

/** Writes the logs of studies as the coordinator writes them. */
async function writeLogs(natsUrl: string, { studies, ...size }: RecoveryLoad) {
  const logger = createLogger({ service: "coordinator", instance: "writer", level: "silent" });
  const { signal } = new AbortController();
  const nats = await connectNats({ settings: { natsUrl: parseServers(natsUrl) }, name: "writer", logger });
  await ensureStreams(nats, { names: DEFAULT_NAMES, logger, signal });
  const log = new NatsStudyLog(nats);
  const context = { logger, clock: systemClock, timers: systemTimers, signal, onFault: () => undefined };
  const counts = { records: 0, events: 0 };
  const left = Array.from({ length: studies }, (_, index) => nameOf(STUDY_ID, `loaded-${index}`));
  const writeNext = async (): Promise<void> => {
    for (let studyId = left.pop(); studyId !== undefined; studyId = left.pop()) {
      let head = EMPTY_CHAIN;
      for (const events of loadedStudy(size, studyId)) {
        head = await appendRecord(log, head, { studyId, at: Date.now(), events }, context);
        counts.records += 1;
        counts.events += events.length;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writeNext));
  const { state } = await (await nats.jetstreamManager()).streams.info(DEFAULT_NAMES.events);
  await nats.close();
  return { ...counts, bytes: state.bytes };
}
