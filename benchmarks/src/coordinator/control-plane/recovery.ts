// The start of the real coordinator over a log that a loaded coordinator has written.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { appendRecord, EMPTY_CHAIN } from "@sintonia/coordinator/shell/study/journal";
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
import { loadedStudy, STUDY, type StudySize } from "./loaded-study.js";

/** Number of starts: the first copies the log into a new state folder, the others have the copy. */
const STARTS = 3;

export interface StartFigures {
  /** From the start of the process until the coordinator is ready. */
  readonly seconds: number;
  /** Processor time of the process until then. */
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

export interface RecoveryFigures extends StudySize {
  readonly records: number;
  readonly events: number;
  readonly bytes: number;
  readonly starts: readonly StartFigures[];
}

/** Measures the recovery of one study. */
export async function measureRecovery(size: StudySize): Promise<RecoveryFigures> {
  const server = await startNatsServer();
  const stateDir = await mkdtemp(join(tmpdir(), "sintonia-recovery-"));
  try {
    const written = await writeLog(server.url, size);
    const starts: StartFigures[] = [];
    while (starts.length < STARTS) starts.push(await measureStart(server.url, stateDir));
    return { ...size, ...written, starts };
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
  await coordinator.stop();
  return { seconds, cpuSeconds, memoryMb };
}

/** Writes the log of a study as the coordinator writes it. */
async function writeLog(natsUrl: string, size: StudySize) {
  const logger = createLogger({ service: "coordinator", instance: "writer", level: "silent" });
  const { signal } = new AbortController();
  const nats = await connectNats({ settings: { natsUrl: parseServers(natsUrl) }, name: "writer", logger });
  await ensureStreams(nats, { names: DEFAULT_NAMES, logger, signal });
  const log = new NatsStudyLog(nats);
  const context = { logger, clock: systemClock, timers: systemTimers, signal, onFault: () => undefined };
  const counts = { records: 0, events: 0 };
  let head = EMPTY_CHAIN;
  for (const events of loadedStudy(size)) {
    head = await appendRecord(log, head, { studyId: STUDY, at: Date.now(), events }, context);
    counts.records += 1;
    counts.events += events.length;
  }
  const { state } = await (await nats.jetstreamManager()).streams.info(DEFAULT_NAMES.events);
  await nats.close();
  return { ...counts, bytes: state.bytes };
}
