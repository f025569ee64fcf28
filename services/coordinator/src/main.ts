// The coordinator's composition root: configuration, adapters, shell, start; the end in reverse. Nothing else.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { systemClock } from "@sintonia/runtime/clock";
import { isVerbose } from "@sintonia/runtime/config";
import { readDescriptorSet } from "@sintonia/runtime/grpc/descriptor-set";
import { service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import { createShutdown, exitWithParent, runMain, shutdownOnSignals } from "@sintonia/runtime/lifecycle";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { FilesystemArtifactStore } from "./adapters/filesystem/artifact-store.js";
import { adminService } from "./adapters/grpc/admin-service.js";
import { trainerService } from "./adapters/grpc/trainer-service.js";
import { NatsAssignmentQueue } from "./adapters/nats/assignment-queue.js";
import { NatsStudyLog } from "./adapters/nats/study-log.js";
import { EvaluationThread } from "./adapters/threads/evaluation-thread.js";
import { TaskThread } from "./adapters/threads/task-thread.js";
import { readCoordinatorConfig } from "./config.js";
import { Coordinator } from "./shell/coordinator.js";
import { dependableOracles } from "./shell/oracle-fallback.js";

/** How often studies learn the time: leases of 15 s expire at most this much late. */
const TICK_MS = 500;
/** Twice the time after which the queue itself offers an assignment again that a trainer took and did not accept. */
const REPUBLISH_AFTER_MS = 60_000;
const GRPC_GRACE_MS = 2_000;

async function main(): Promise<void> {
  const config = readCoordinatorConfig(process.env);
  const instance = `${hostname()}-${randomBytes(3).toString("hex")}`;
  const logger = createLogger({ service: "coordinator", instance, level: config.logLevel });
  const shutdown = createShutdown({ logger });
  shutdownOnSignals(shutdown);
  if (config.parentWatch === "stdin") exitWithParent(shutdown);

  const { signal } = shutdown;
  const nats = await connectNats({
    servers: config.natsUrl,
    name: `coordinator ${instance}`,
    logger,
    startDeadlineMs: config.natsStartMs,
    signal,
  });
  shutdown.add("nats", () => nats.close());
  await ensureStreams(nats);

  const artifacts = await FilesystemArtifactStore.open(join(config.stateDir, "artifacts"));
  const checkpoints = await FilesystemArtifactStore.open(join(config.stateDir, "checkpoints"));
  const tasks = new TaskThread();
  shutdown.add("tasks", () => tasks.close());
  const { engine, dataDir, cacheDir, allowDownload } = config;
  const evaluator = new EvaluationThread(artifacts, {
    engine,
    cacheDir,
    allowDownload,
    ...(dataDir ? { dataDir } : {}),
  });

  const coordinator = new Coordinator({
    log: new NatsStudyLog(nats),
    queue: new NatsAssignmentQueue(nats),
    oracles: dependableOracles(tasks, { logger, signal }),
    evaluator,
    checkpoints,
    clock: systemClock,
    rules: { leaseTtlMs: config.leaseTtlMs, republishAfterMs: REPUBLISH_AFTER_MS },
    tickMs: TICK_MS,
    logger,
    signal,
    onFatal: (error) => {
      if (!signal.aborted) logger.fatal({ err: error }, "a study cannot go on in this process");
      void shutdown.begin("fatal error", 1);
    },
  });
  await coordinator.recover();
  coordinator.keepTime();

  const { leaseTtlMs } = config;
  const server = await startGrpcServer({
    host: config.grpcHost,
    port: config.grpcPort,
    services: [
      service(TrainerServiceDefinition, trainerService({ coordinator, artifacts, checkpoints, leaseTtlMs })),
      service(AdminServiceDefinition, adminService({ coordinator, artifacts, readSpec: tasks.readSpec })),
    ],
    logger,
    reflection: {
      descriptorSet: readDescriptorSet(),
      names: [TrainerServiceDefinition.fullName, AdminServiceDefinition.fullName],
    },
  });
  shutdown.add("grpc", () => server.stop(GRPC_GRACE_MS));
  server.setServing(true);
  logger.info({ port: server.port }, "coordinator ready");
}

await runMain("coordinator", main, { verbose: isVerbose(process.env, process.argv) });
