// Wires one term of a coordinator as the leader: the studies are read from their logs, and the
// services are made. Nothing of a term outlives it.

import type { Timers } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import type { RecordSpan } from "@sintonia/runtime/tracing/span";
import { type AdminServiceContext, adminService } from "./adapters/grpc/admin-service.js";
import type { TermServices } from "./adapters/grpc/server.js";
import { trainerService } from "./adapters/grpc/trainer-service.js";
import type { Rules } from "./core/boundary/now.js";
import type { ArtifactStore } from "./ports/artifact-store.js";
import type { AssignmentQueue } from "./ports/assignment-queue.js";
import type { CheckpointStore } from "./ports/checkpoint-store.js";
import type { Evaluator } from "./ports/evaluator.js";
import type { FileStore } from "./ports/file-store.js";
import type { OracleService } from "./ports/oracle-service.js";
import type { OutputStore } from "./ports/output-store.js";
import type { StudyLog } from "./ports/study-log.js";
import { Collection } from "./shell/deletion/collection.js";
import { eraser } from "./shell/deletion/erasure.js";
import type { StateFolder } from "./shell/health/state-folder.js";
import type { Term } from "./shell/leadership/election.js";
import { whileLeading } from "./shell/leadership/guarded.js";
import type { LeaderRights } from "./shell/leadership/leading.js";
import { CopiedLog } from "./shell/log-copy/copied-log.js";
import type { LogCopies } from "./shell/log-copy/log-copies.js";
import type { Meter } from "./shell/metering/meter.js";
import { meteredReports } from "./shell/metering/metering.js";
import { withFallback } from "./shell/oracle-fallback.js";
import { TrialOutputs } from "./shell/output/trial-outputs.js";
import { warnOfMissing } from "./shell/recovery.js";
import { Coordinator } from "./shell/running/coordinator.js";
import { CordonRegister, type CordonStore } from "./shell/running/cordon-register.js";
import type { SnapshotStore } from "./shell/snapshot/snapshot-store.js";
import { type SnapshotRule, Snapshots } from "./shell/snapshot/snapshots.js";
import { TrialTraces } from "./shell/tracing/trial-traces.js";

/**
 * Tokens of one term. Terms count seconds at least, so that the tokens of a term stay below 2^53
 * for 200 years.
 */
const TOKENS_PER_TERM = 2 ** 20;

/** The stores and workers of one term. */
export interface TermPorts {
  readonly log: StudyLog;
  readonly copies: LogCopies;
  readonly snapshots: SnapshotStore;
  readonly artifacts: ArtifactStore;
  readonly checkpoints: CheckpointStore;
  readonly files: FileStore;
  readonly outputs: OutputStore;
  readonly cordons: CordonStore;
  readonly queue: AssignmentQueue;
  readonly oracles: OracleService;
  readonly readSpec: AdminServiceContext["readSpec"];
  /** Returns the evaluator of the models in a store. */
  readonly evaluator: (artifacts: ArtifactStore) => Evaluator;
  /** Writes what is not yet durable at the end of the process. */
  readonly close: () => Promise<void>;
}

/** The stores that a former leader must not change. Copies and snapshots check this themselves. */
type GuardedPorts = Pick<TermPorts, "log" | "cordons" | "artifacts" | "checkpoints" | "files" | "outputs">;

/** The times of a term, in milliseconds. */
export interface TermTimes extends Omit<Rules, "tokenFloor"> {
  /** Interval of ticks. A lease ends at most one interval after its deadline. */
  readonly tickMs: number;
  /** Time without a sign of life after which a trainer counts as gone. */
  readonly trainerSilenceMs: number;
}

/** The end of a term, as its ports see it. */
export interface TermEnd {
  /** Aborted at the end of the term. */
  readonly signal: AbortSignal;
  /**
   * Tells whether this coordinator leads. A process that was suspended no longer does so before its
   * signal is aborted.
   */
  readonly isLeading: () => boolean;
}

/** What the terms of a process share. */
export interface TermContext {
  /** Opens the ports of a term. */
  readonly openPorts: (end: TermEnd) => Promise<TermPorts>;
  readonly times: TermTimes;
  /** @default that of Snapshots */
  readonly snapshotRule?: SnapshotRule;
  readonly timers: Timers;
  readonly stateFolder: StateFolder;
  /** @default nothing is counted */
  readonly meter?: Meter;
  /** Receives the spans of trials. @default no traces */
  readonly record?: RecordSpan | undefined;
  readonly logger: Logger;
  readonly rights: LeaderRights;
  /** Aborted when the process is asked to end. */
  readonly stopping: AbortSignal;
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
  const { times, meter, logger, rights } = context;
  const ports = guardedPorts(context, await context.openPorts({ signal: term.signal, isLeading: rights.isLeading }));
  const { artifacts, checkpoints, files, readSpec } = ports;
  const snapshots = snapshotsOf(context, ports, term);
  const cordons = new CordonRegister(ports.cordons, { clock: term.clock, logger });
  const coordinator: Coordinator = coordinatorOf(context, { ...ports, snapshots, cordons }, term);
  await context.stateFolder.checkNow();
  await cordons.load();
  await coordinator.recover(term.leases);
  term.leaseTimes = () => coordinator.leaseTimes();
  coordinator.startTicks();
  const outputs = new TrialOutputs(ports.outputs, coordinator);
  const shared = { coordinator, artifacts, checkpoints, files, outputs, readSpec, leaseTtlMs: times.leaseTtlMs };
  startCollection(coordinator, ports, { ...context, term });
  // Not awaited: thousands of studies name many files, and nothing depends on the warnings.
  warnOfMissing(coordinator.studies(), { artifacts, checkpoints, files }, logger).catch((error: unknown) => {
    logger.warn({ reason: messageOf(error) }, "artifacts and files of studies not checked");
  });
  const reported = meter === undefined ? coordinator : meteredReports(coordinator, meter);
  const trainer = trainerService({ ...shared, coordinator: reported, stopping: context.stopping });
  const close = async (): Promise<void> => {
    await ports.close();
    await snapshots.settled();
  };
  return { coordinator, close, services: { trainer, admin: adminService(shared) } };
}

/**
 * Returns the ports with writes only while this process leads, and with uploads noted in the
 * health. Output is not noted: output that cannot be stored holds up nothing.
 */
export function guardedPorts<P extends GuardedPorts>(
  { stateFolder, rights: { isLeading } }: Pick<TermContext, "stateFolder" | "rights">,
  ports: P,
): P {
  return {
    ...ports,
    log: whileLeading(ports.log, ["append", "erase"], isLeading),
    cordons: whileLeading(ports.cordons, ["write"], isLeading),
    artifacts: whileLeading(stateFolder.watched(ports.artifacts), ["delete", "collect"], isLeading),
    checkpoints: whileLeading(stateFolder.watched(ports.checkpoints), ["delete", "collect"], isLeading),
    files: whileLeading(stateFolder.watched(ports.files), ["collect"], isLeading),
    outputs: whileLeading(ports.outputs, ["deleteStudy"], isLeading),
  };
}

function snapshotsOf({ timers, logger, snapshotRule: rule }: TermContext, { snapshots: store }: TermPorts, term: Term) {
  return new Snapshots({ store, clock: timers, logger, signal: term.signal, ...(rule && { rule }) });
}

/** Erases what is left of deleted studies, and then collects what nothing names. */
function startCollection(
  coordinator: Coordinator,
  ports: TermPorts,
  { timers, logger, term: { clock, signal } }: TermContext & { readonly term: Term },
): void {
  const collection = new Collection({ ...ports, clock, timers, logger, signal }, coordinator);
  // Not awaited: nothing depends on the room.
  void coordinator.eraseDeleted().then(() => {
    if (!signal.aborted) collection.start();
  });
}

type Stores = Omit<TermPorts, "snapshots" | "cordons"> & {
  readonly snapshots: Snapshots;
  readonly cordons: CordonRegister;
};

function coordinatorOf(context: TermContext, stores: Stores, { number, clock, signal }: Term): Coordinator {
  const { times, timers, stateFolder, meter, record, logger, rights, onFatal } = context;
  const { artifacts, checkpoints, copies, queue, oracles, evaluator, snapshots, cordons } = stores;
  const { tickMs, trainerSilenceMs, ...rules } = times;
  const log = new CopiedLog(stores.log, copies, logger, (records) => meter?.mended(records));
  const present = { studies: () => coordinator.studies(), damagedStudies: () => coordinator.damagedStudies() };
  const coordinator: Coordinator = new Coordinator({
    log,
    mending: log,
    snapshots,
    eraseStudy: eraser({ ...stores, log, clock, logger }, present),
    queue,
    ...(meter === undefined ? {} : { meter }),
    ...(record === undefined ? {} : { traces: new TrialTraces(record) }),
    oracles: withFallback(oracles, { logger, signal }),
    evaluator: evaluator(artifacts),
    checkpoints,
    clock,
    timers,
    rules: { ...rules, tokenFloor: number * TOKENS_PER_TERM },
    cordons,
    stateFault: () => stateFolder.fault,
    trainerSilenceMs,
    tickMs,
    logger,
    signal,
    confirmLeadership: rights.confirmLeadership,
    onFatal,
  });
  return coordinator;
}
