// Wires one term of a coordinator as the leader: the stores are opened, the studies are read from
// their logs, and the services are made. Nothing of a term outlives it.

import { join } from "node:path";
import { StudyFiles } from "@sintonia/files/study-files";
import { sourceSettings } from "@sintonia/files/variables";
import { systemTimers } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import type { NatsNames } from "@sintonia/runtime/nats/names";
import type { NatsConnection } from "nats";
import { FilesystemArtifactStore } from "./adapters/filesystem/artifact-store.js";
import { FilesystemCheckpointStore } from "./adapters/filesystem/checkpoint-store.js";
import { EvaluationFiles } from "./adapters/filesystem/evaluation-files.js";
import { FilesystemFileStore } from "./adapters/filesystem/file-store.js";
import { FilesystemLogCopies } from "./adapters/filesystem/logs/log-copies.js";
import { FilesystemSnapshotStore } from "./adapters/filesystem/logs/snapshot-files.js";
import { FilesystemOutputStore } from "./adapters/filesystem/output/output-store.js";
import { adminService } from "./adapters/grpc/admin-service.js";
import type { TermServices } from "./adapters/grpc/server.js";
import { trainerService } from "./adapters/grpc/trainer-service.js";
import { NatsAssignmentQueue } from "./adapters/nats/assignment-queue.js";
import { NatsStudyLog } from "./adapters/nats/study-log.js";
import { EvaluationThread } from "./adapters/threads/evaluation-thread.js";
import type { TaskThread } from "./adapters/threads/task-thread.js";
import type { CoordinatorConfig } from "./config.js";
import { Collection } from "./shell/deletion/collection.js";
import { eraser, type PresentStudies } from "./shell/deletion/erasure.js";
import type { StateFolder } from "./shell/health/state-folder.js";
import type { Term } from "./shell/leadership/election.js";
import { whileLeading } from "./shell/leadership/guarded.js";
import type { LeaderRights } from "./shell/leadership/leading.js";
import { CopiedLog } from "./shell/log-copy/copied-log.js";
import { withFallback } from "./shell/oracle-fallback.js";
import { TrialOutputs } from "./shell/output/trial-outputs.js";
import { warnOfMissing } from "./shell/recovery.js";
import { Coordinator } from "./shell/running/coordinator.js";
import { Snapshots } from "./shell/snapshot/snapshots.js";

/** Interval of ticks. A lease ends at most one interval after its deadline; leases last 15 s. */
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
/**
 * Tokens of one term. Terms count seconds at least, so that the tokens of a term stay below 2^53
 * for 200 years.
 */
const TOKENS_PER_TERM = 2 ** 20;

/** What the terms of a process share. */
export interface TermContext {
  readonly config: CoordinatorConfig;
  readonly nats: NatsConnection;
  readonly names: NatsNames;
  readonly tasks: TaskThread;
  readonly stateFolder: StateFolder;
  readonly logger: Logger;
  readonly rights: LeaderRights;
  /** Called once if the process cannot go on. */
  readonly onFatal: (error: unknown) => void;
}

/** A term that serves. */
export interface StartedTerm {
  readonly coordinator: Coordinator;
  readonly services: TermServices;
  /** Writes what is not yet durable at the end of the process. */
  readonly close: () => Promise<void>;
}

/** Starts a term. It ends with the signal of the term. */
export async function startTerm(context: TermContext, term: Term): Promise<StartedTerm> {
  const { config, tasks, logger } = context;
  const { leaseTtlMs } = config;
  const stores = await openStores(context, term.signal);
  const { artifacts, checkpoints, files } = stores;
  const present = { studies: () => coordinator.studies(), damagedStudies: () => coordinator.damagedStudies() };
  const coordinator: Coordinator = new Coordinator(coordinatorContext(context, stores, term, present));
  await context.stateFolder.checkNow();
  await coordinator.recover(term.leases);
  term.leaseTimes = () => coordinator.leaseTimes();
  coordinator.startTicks();
  const outputs = new TrialOutputs(stores.outputs, coordinator);
  const shared = { coordinator, artifacts, checkpoints, files, outputs, readSpec: tasks.readSpec, leaseTtlMs };
  startCollection(coordinator, stores, { ...context, term });
  // Not awaited: thousands of studies name many files, and nothing depends on the warnings.
  warnOfMissing(coordinator.studies(), { artifacts, checkpoints, files }, logger).catch((error: unknown) => {
    logger.warn({ reason: messageOf(error) }, "artifacts and files of studies not checked");
  });
  const close = async (): Promise<void> => {
    await stores.copies.close();
    await stores.snapshots.settled();
  };
  return { coordinator, close, services: { trainer: trainerService(shared), admin: adminService(shared) } };
}

async function openStores({ config: { stateDir }, stateFolder, rights, logger }: TermContext, signal: AbortSignal) {
  const artifacts = await FilesystemArtifactStore.open(join(stateDir, "artifacts"));
  const checkpoints = await FilesystemCheckpointStore.open(join(stateDir, "checkpoints"));
  const copies = await FilesystemLogCopies.open(join(stateDir, "logs"), { timers: systemTimers, logger, signal });
  const fileStore = await FilesystemFileStore.open(join(stateDir, "files"));
  const store = await FilesystemSnapshotStore.open(join(stateDir, "snapshots"));
  return {
    artifacts: whileLeading(stateFolder.watched(artifacts), ["delete", "collect"], rights.isLeading),
    checkpoints: whileLeading(stateFolder.watched(checkpoints), ["delete", "collect"], rights.isLeading),
    files: stateFolder.watched(fileStore),
    fileStore,
    // Not watched: output that cannot be stored holds up nothing.
    outputs: new FilesystemOutputStore(join(stateDir, "output")),
    copies,
    snapshots: new Snapshots({ store, clock: systemTimers, logger, signal }),
  };
}

/** The files of evaluations; those of sources are given up at the end of the term. */
function evaluationFiles(
  { config, logger }: TermContext,
  store: FilesystemFileStore,
  signal: AbortSignal,
): EvaluationFiles {
  const sources = new StudyFiles({ folder: join(config.cacheDir, "files"), ...sourceSettings(config), logger });
  signal.addEventListener("abort", () => sources.close(), { once: true });
  return new EvaluationFiles((sha256) => store.checkedPath(sha256), sources, signal);
}

type Stores = Awaited<ReturnType<typeof openStores>>;

/** Erases what is left of deleted studies, and then collects what nothing names. */
function startCollection(
  coordinator: Coordinator,
  stores: Stores,
  { logger, term: { clock, signal } }: TermContext & { readonly term: Term },
): void {
  const collection = new Collection({ ...stores, clock, timers: systemTimers, logger, signal }, coordinator);
  // Not awaited: nothing depends on the room.
  void coordinator.eraseDeleted().then(() => {
    if (!signal.aborted) collection.start();
  });
}

function coordinatorContext(context: TermContext, stores: Stores, term: Term, present: PresentStudies) {
  const { config, nats, names, tasks, stateFolder, logger, rights, onFatal } = context;
  const { artifacts, checkpoints, files, outputs, fileStore, copies, snapshots } = stores;
  const { leaseTtlMs } = config;
  const { clock, signal } = term;
  const tokenFloor = term.number * TOKENS_PER_TERM;
  const natsLog = whileLeading(new NatsStudyLog(nats, names), ["append", "erase"], rights.isLeading);
  const log = new CopiedLog(natsLog, copies, logger);
  const erasure = { log, artifacts, checkpoints, files, outputs, snapshots, clock, logger };
  return {
    log,
    mending: log,
    snapshots,
    eraseStudy: eraser(erasure, present),
    queue: new NatsAssignmentQueue(nats, names),
    oracles: withFallback(tasks, { logger, signal }),
    evaluator: new EvaluationThread(artifacts, evaluationFiles(context, fileStore, signal), config),
    checkpoints,
    clock,
    timers: systemTimers,
    rules: { leaseTtlMs, republishAfterMs: REPUBLISH_AFTER_MS, setAsideMs: SET_ASIDE_MS, tokenFloor },
    stateFault: () => stateFolder.fault,
    trainerSilenceMs: Math.max(leaseTtlMs, TRAINER_SILENCE_MS),
    tickMs: TICK_MS,
    logger,
    signal,
    confirmLeadership: rights.confirmLeadership,
    onFatal,
  };
}
