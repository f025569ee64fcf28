import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { FilesystemArtifactStore } from "@sintonia/coordinator/adapters/filesystem/artifact-store";
import { FilesystemAuditLog } from "@sintonia/coordinator/adapters/filesystem/audit-log";
import { FilesystemCheckpointStore } from "@sintonia/coordinator/adapters/filesystem/checkpoint-store";
import { FilesystemFileStore } from "@sintonia/coordinator/adapters/filesystem/file-store";
import { FilesystemOutputStore } from "@sintonia/coordinator/adapters/filesystem/output/output-store";
import { adminService } from "@sintonia/coordinator/adapters/grpc/admin-service";
import { startCoordinatorServer } from "@sintonia/coordinator/adapters/grpc/server";
import { trainerService } from "@sintonia/coordinator/adapters/grpc/trainer-service";
import { memoryCordons } from "@sintonia/coordinator/adapters/memory/cordons.fixture";
import { NatsAssignmentQueue } from "@sintonia/coordinator/adapters/nats/assignment-queue";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { TaskThread } from "@sintonia/coordinator/adapters/threads/task-thread";
import type { CheckpointStore } from "@sintonia/coordinator/ports/checkpoint-store";
import type { Evaluator } from "@sintonia/coordinator/ports/evaluator";
import { TrialOutputs } from "@sintonia/coordinator/shell/output/trial-outputs";
import { Coordinator } from "@sintonia/coordinator/shell/running/coordinator";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { OPEN_DOORS, type ServerSecurity } from "@sintonia/runtime/grpc/security/server-security";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";

/** A coordinator in this process. Its adapters are real, except the evaluator. */
export interface RunningCoordinator {
  readonly coordinator: Coordinator;
  readonly checkpoints: CheckpointStore;
  /** Address "host:port" of its gRPC services. */
  readonly address: string;
  /** Faults that would end the process. */
  readonly fatal: readonly unknown[];
  stop(): Promise<void>;
}

export const LEASE_TTL_MS = 5_000;

/** Assembles a coordinator as main.ts does, by default with open doors. */
export async function startCoordinator(
  natsUrl: string,
  evaluator: Evaluator,
  security: ServerSecurity = OPEN_DOORS,
): Promise<RunningCoordinator> {
  const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
  const folder = await mkdtemp(path.join(tmpdir(), "sintonia-coordinator-"));
  const ends = new AbortController();
  const nats = await connectNats({
    settings: { natsUrl: parseServers(natsUrl), natsStartMs: 5_000 },
    name: "coordinator",
    logger,
  });
  await ensureStreams(nats, { names: DEFAULT_NAMES, logger });
  const artifacts = await FilesystemArtifactStore.open(path.join(folder, "artifacts"));
  const checkpoints = await FilesystemCheckpointStore.open(path.join(folder, "checkpoints"));
  const files = await FilesystemFileStore.open(path.join(folder, "files"));
  const tasks = new TaskThread();
  const fatal: unknown[] = [];
  const coordinator = new Coordinator({
    log: new NatsStudyLog(nats),
    queue: new NatsAssignmentQueue(nats, { names: DEFAULT_NAMES, logger }),
    oracles: tasks,
    evaluator,
    checkpoints,
    clock: systemClock,
    timers: systemTimers,
    rules: { leaseTtlMs: LEASE_TTL_MS, republishAfterMs: 60_000, setAsideMs: 500 },
    cordons: memoryCordons(),
    stateFault: () => undefined,
    trainerSilenceMs: LEASE_TTL_MS,
    tickMs: 50,
    logger,
    signal: ends.signal,
    onFatal: (error) => fatal.push(error),
  });
  await coordinator.recover();
  coordinator.startTicks();
  const outputs = new TrialOutputs(new FilesystemOutputStore(path.join(folder, "output")), coordinator);
  const audit = new FilesystemAuditLog(path.join(folder, "audit"), { clock: systemClock, logger });
  const stores = { artifacts, checkpoints, files, outputs };
  const context = { coordinator, ...stores, readSpec: tasks.readSpec, leaseTtlMs: LEASE_TTL_MS };
  const services = { trainer: trainerService({ ...context, stopping: ends.signal }), admin: adminService(context) };
  const server = await startCoordinatorServer(
    { standing: () => ({ kind: "serving", signal: ends.signal }), services: () => services, logger, audit },
    { host: "127.0.0.1", port: 0, security },
  );
  server.setServing(true);
  const stop = async (): Promise<void> => {
    ends.abort();
    await server.stop(200);
    await tasks.close();
    await audit.close();
    await nats.close();
    await rm(folder, { recursive: true });
  };
  return { coordinator, checkpoints, address: `127.0.0.1:${server.port}`, fatal, stop };
}
