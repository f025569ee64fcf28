// Wires the coordinator: configuration, adapters, shell. The shutdown closes them in reverse
// order.

import { join } from "node:path";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { isVerbose } from "@sintonia/runtime/config";
import { messageOf } from "@sintonia/runtime/errors";
import type { GrpcServer } from "@sintonia/runtime/grpc/server";
import { createShutdown, exitWithParent, runMain, type Shutdown, shutdownOnSignals } from "@sintonia/runtime/lifecycle";
import { createLogger, type Logger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { requestedText } from "@sintonia/runtime/service-arguments";
import { FilesystemArtifactStore } from "./adapters/filesystem/artifact-store.js";
import { FilesystemCheckpointStore } from "./adapters/filesystem/checkpoint-store.js";
import { FilesystemFileStore } from "./adapters/filesystem/file-store.js";
import { tryWrite } from "./adapters/filesystem/folder-check.js";
import { FilesystemOutputStore } from "./adapters/filesystem/output/output-store.js";
import { startCoordinatorServer } from "./adapters/grpc/server.js";
import { NatsAssignmentQueue } from "./adapters/nats/assignment-queue.js";
import { checkJetStream } from "./adapters/nats/connection-check.js";
import { NatsStudyLog } from "./adapters/nats/study-log.js";
import { EvaluationThread } from "./adapters/threads/evaluation-thread.js";
import { TaskThread } from "./adapters/threads/task-thread.js";
import { type CoordinatorConfig, readCoordinatorConfig, VARIABLES } from "./config.js";
import { Coordinator } from "./shell/coordinator.js";
import { Health } from "./shell/health/health.js";
import { StateFolder } from "./shell/health/state-folder.js";
import { withFallback } from "./shell/oracle-fallback.js";
import { TrialOutputs } from "./shell/output/trial-outputs.js";
import { warnOfMissing } from "./shell/recovery.js";

/** Interval of ticks. A lease ends at most one interval after its deadline; leases last 15 s. */
const TICK_MS = 500;
/** Twice the time limit after which the queue repeats an unaccepted delivery. */
const REPUBLISH_AFTER_MS = 60_000;
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
/** Time limit for pending calls when the process ends. */
const GRPC_GRACE_MS = 2_000;

async function main(): Promise<void> {
  const config = readCoordinatorConfig(process.env);
  const logger = createLogger({ service: "coordinator", instance: config.instance, level: config.logLevel });
  const shutdown = createShutdown({ logger });
  shutdownOnSignals(shutdown);
  if (config.parentWatch === "stdin") exitWithParent(shutdown);
  await serve(config, logger, shutdown);
}

async function serve(config: CoordinatorConfig, logger: Logger, shutdown: Shutdown): Promise<void> {
  const { signal } = shutdown;
  const { instance, leaseTtlMs } = config;
  const nats = await connectNats({ settings: config, name: `coordinator ${instance}`, logger, signal });
  shutdown.add("nats", () => nats.close());
  await ensureStreams(nats, { replicas: config.natsReplicas, startMs: config.natsStartMs, logger, signal });
  let server: GrpcServer | undefined;
  const health = new Health({
    logger,
    clock: systemClock,
    timers: systemTimers,
    onChange: (serving) => server?.setServing(serving),
  });
  const artifactsDir = join(config.stateDir, "artifacts");
  const stateFolder = new StateFolder(health, (bytes) => tryWrite(artifactsDir, bytes));
  const artifacts = stateFolder.watched(await FilesystemArtifactStore.open(artifactsDir));
  const checkpoints = stateFolder.watched(await FilesystemCheckpointStore.open(join(config.stateDir, "checkpoints")));
  const fileStore = await FilesystemFileStore.open(join(config.stateDir, "files"));
  const files = stateFolder.watched(fileStore);
  const tasks = new TaskThread();
  shutdown.add("tasks", () => tasks.close());

  const coordinator = new Coordinator({
    log: new NatsStudyLog(nats),
    queue: new NatsAssignmentQueue(nats),
    oracles: withFallback(tasks, { logger, signal }),
    evaluator: new EvaluationThread(artifacts, (sha256) => fileStore.checkedPath(sha256), config),
    checkpoints,
    clock: systemClock,
    timers: systemTimers,
    rules: { leaseTtlMs, republishAfterMs: REPUBLISH_AFTER_MS, setAsideMs: SET_ASIDE_MS },
    stateFault: () => stateFolder.fault,
    trainerSilenceMs: Math.max(leaseTtlMs, TRAINER_SILENCE_MS),
    tickMs: TICK_MS,
    logger,
    signal,
    onFatal: (error) => {
      if (!signal.aborted) logger.fatal({ err: error }, "study cannot continue in this process");
      void shutdown.begin("fatal error", 1);
    },
  });
  await coordinator.recover();
  coordinator.startTicks();

  // Not watched: output that cannot be stored holds up nothing.
  const outputs = new TrialOutputs(new FilesystemOutputStore(join(config.stateDir, "output")), coordinator);
  const context = { coordinator, artifacts, checkpoints, files, outputs, readSpec: tasks.readSpec, leaseTtlMs, logger };
  const started = await startCoordinatorServer(context, { host: config.grpcHost, port: config.grpcPort });
  server = started;
  shutdown.add("grpc", () => started.stop(GRPC_GRACE_MS));
  const jetStream = { name: "nats", check: () => checkJetStream(nats) };
  const studyLogs = { name: "study logs", check: () => coordinator.checkLogs() };
  health.watch([stateFolder, jetStream, studyLogs], signal);
  logger.info({ port: started.port }, "coordinator ready");
  // Not awaited: thousands of studies name many files, and nothing depends on the warnings.
  warnOfMissing(coordinator.studies(), { artifacts, checkpoints, files }, logger).catch((error: unknown) => {
    logger.warn({ reason: messageOf(error) }, "artifacts and files of studies not checked");
  });
}

const DESCRIPTION = {
  program: "coordinator",
  purpose: "Owns the truth about every study: asks the oracle, leases trials to trainers, evaluates the best model.",
  variables: VARIABLES,
  packageUrl: new URL("../package.json", import.meta.url),
};
await runMain("coordinator", main, {
  verbose: isVerbose(process.env, process.argv),
  text: () => requestedText(process.argv.slice(2), DESCRIPTION),
});
