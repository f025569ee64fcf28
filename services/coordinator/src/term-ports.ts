// Opens the adapters of one term, and sets its times.

import { join } from "node:path";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { makeFolder } from "@sintonia/runtime/file/folders";
import type { Logger } from "@sintonia/runtime/logger";
import type { NatsNames } from "@sintonia/runtime/nats/names";
import type { NatsConnection } from "nats";
import { FilesystemLogCopies } from "./adapters/filesystem/logs/log-copies.js";
import { FilesystemSnapshotStore } from "./adapters/filesystem/logs/snapshot-files.js";
import { StudyCopies } from "./adapters/filesystem/logs/study-archive.js";
import { FilesystemOutputStore } from "./adapters/filesystem/output/output-store.js";
import { NatsAssignmentQueue } from "./adapters/nats/assignment-queue.js";
import { NatsCordonStore } from "./adapters/nats/cordon-store.js";
import { NatsStudyLog } from "./adapters/nats/study-log.js";
import { EvaluationThread } from "./adapters/threads/evaluation-thread.js";
import type { TaskThread } from "./adapters/threads/task-thread.js";
import type { CoordinatorConfig } from "./config.js";
import type { Content } from "./content.js";
import { sharesRecord } from "./shell/log-copy/shared-record.js";
import type { Meter } from "./shell/metering/meter.js";
import { meteredLog, meteredOracles } from "./shell/metering/metering.js";
import type { TermEnd, TermPorts, TermTimes } from "./term.js";

/** Folder of the copies of the study logs in the state folder. */
const LOGS = "logs";

/** Interval of ticks. Leases last 15 s. */
const TICK_MS = 500;
/**
 * Far above the time in which a free trainer takes an assignment. An assignment is lost with a
 * trainer that ends before it asks for the lease, and by a queue whose disk was full.
 */
const REPUBLISH_AFTER_MS = 10_000;
/**
 * Time for which a study sets a trainer aside: long enough for one log line every two minutes of a
 * trainer that stays unusable, short enough for a person who has mended its data.
 */
const SET_ASIDE_MS = 120_000;
/**
 * Shortest time without a sign of life after which a trainer counts as gone: three heartbeats of a
 * trainer without a lease. One with a lease sends three within the lease's time to live.
 */
const TRAINER_SILENCE_MS = 15_000;

/** What the adapters of all terms share. */
interface PortsContext {
  readonly config: CoordinatorConfig;
  readonly content: Content;
  readonly nats: NatsConnection;
  readonly names: NatsNames;
  readonly tasks: TaskThread;
  readonly meter: Meter;
  readonly logger: Logger;
}

/** Returns the times of every term. */
export function termTimes({ leaseTtlMs }: CoordinatorConfig): TermTimes {
  return {
    leaseTtlMs,
    republishAfterMs: REPUBLISH_AFTER_MS,
    setAsideMs: SET_ASIDE_MS,
    tickMs: TICK_MS,
    trainerSilenceMs: Math.max(leaseTtlMs, TRAINER_SILENCE_MS),
  };
}

/** Opens the adapters of a term. */
export async function openTermPorts(context: PortsContext, end: TermEnd): Promise<TermPorts> {
  const { config, content, nats, names, tasks, meter, logger } = context;
  const metering = { meter, clock: systemClock };
  const folderOf = (name: string): string => join(config.stateDir, name);
  const { evaluation, ...stores } = await content.open(end.signal);
  const copies = await FilesystemLogCopies.open(folderOf(LOGS), { timers: systemTimers, logger, ...end });
  const snapshots = await FilesystemSnapshotStore.open(folderOf("snapshots"), end.isLeading);
  return {
    log: meteredLog(new NatsStudyLog(nats, names), metering),
    copies,
    snapshots,
    ...stores,
    outputs: new FilesystemOutputStore(folderOf("output")),
    cordons: new NatsCordonStore(nats, names),
    queue: new NatsAssignmentQueue(nats, { names, logger, replicas: config.natsReplicas }),
    oracles: meteredOracles(tasks, metering),
    readSpec: tasks.readSpec,
    evaluator: (watched) => new EvaluationThread(watched, evaluation, config),
    close: () => copies.close(),
  };
}

/**
 * Tells whether NATS has a record of a study that the state folder has a copy of. Only reads the
 * copies: another coordinator may lead, and write them.
 *
 * @throws {StoreUnavailableError}
 */
export async function holdsCopiedRecord({ stateDir }: CoordinatorConfig, log: NatsStudyLog): Promise<boolean> {
  const folder = join(stateDir, LOGS);
  // A coordinator that has never led has no copies.
  await makeFolder(folder);
  return await sharesRecord(log, new StudyCopies(folder));
}
