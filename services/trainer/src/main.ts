// Wires the trainer: configuration, adapters, shell. The shutdown closes them in reverse order.

import { join, resolve } from "node:path";
import { StudyFiles } from "@sintonia/files/study-files";
import { sourceSettings } from "@sintonia/files/variables";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { UserError } from "@sintonia/runtime/errors";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";
import { clientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { createShutdown, exitWithParent, runMain, type Shutdown, shutdownOnSignals } from "@sintonia/runtime/lifecycle";
import { createLogger, type Logger } from "@sintonia/runtime/logger";
import { createRegistry } from "@sintonia/runtime/metrics/registry";
import { startMetricsServer } from "@sintonia/runtime/metrics/server";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { NatsNames } from "@sintonia/runtime/nats/names";
import { requestedText, versionOf } from "@sintonia/runtime/process/service-arguments";
import { clientTracing, TRACED_CALLS } from "@sintonia/runtime/tracing/call-spans";
import { startTracing } from "@sintonia/runtime/tracing/tracing";
import { CoordinatorClient } from "./adapters/grpc/coordinator-client.js";
import { CoordinatorFiles } from "./adapters/grpc/file-origin.js";
import { CoordinatorOutput } from "./adapters/grpc/output/output-sink.js";
import { NatsAssignmentSource } from "./adapters/nats/assignment-source.js";
import { NvidiaSmi } from "./adapters/nvidia/nvidia-smi.js";
import { FetchedTraining } from "./adapters/process/fetched-training.js";
import { ForkedTraining } from "./adapters/process/forked-training.js";
import type { ChildSettings } from "./adapters/process/protocol.js";
import { ChosenTraining } from "./adapters/program/chosen-training.js";
import { ProgramTraining } from "./adapters/program/program-training.js";
import type { ProgramSettings } from "./adapters/program/program-trial.js";
import { addGpuMetrics } from "./adapters/prometheus/gpu-metrics.js";
import { TrainerMetrics } from "./adapters/prometheus/trainer-metrics.js";
import { AttemptTraces } from "./adapters/tracing/attempt-traces.js";
import {
  childEnvironment,
  programBaseEnvironment,
  readTrainerConfig,
  type TrainerConfig,
  VARIABLES,
  wantsStacks,
} from "./config.js";
import { RUN_END_MS, TrainerRunner } from "./shell/trainer-runner.js";
import { TrialLogs } from "./shell/trial-logs.js";

async function main(): Promise<void> {
  const config = readTrainerConfig();
  const logger = createLogger({ service: "trainer", instance: config.trainerId, level: config.logLevel });
  const shutdown = createShutdown({ logger });
  shutdownOnSignals(shutdown);
  if (config.parentWatch === "stdin") exitWithParent(shutdown);
  try {
    await serve(config, logger, shutdown);
  } catch (error) {
    // Ignored in a shutdown, which interrupts calls and ends the process by itself.
    if (!shutdown.signal.aborted) throw error;
  }
}

async function serve(config: TrainerConfig, logger: Logger, shutdown: Shutdown): Promise<void> {
  const { trainerId: id, engine } = config;
  const metrics = await startMetrics(config, logger, shutdown);
  const traces = await startTraces(config, shutdown);
  const connection = await connectNats({
    settings: config,
    name: id,
    role: "trainer",
    logger,
    signal: shutdown.signal,
  });
  shutdown.add("nats", () => connection.drain());

  const { coordinatorAddress } = config;
  const { client, close } = connectTrainerService(
    coordinatorAddress,
    clientSecurity(config, coordinatorAddress),
    traces?.calls,
  );
  shutdown.add("coordinator", close);

  const files = new StudyFiles({
    folder: join(config.cacheDir, "files"),
    ...sourceSettings(config),
    coordinator: new CoordinatorFiles(client),
    logger,
  });
  const logs = new TrialLogs(logger);
  const networks = new ForkedTraining(childSettings(config), logs, childEnvironment());
  const output = new CoordinatorOutput({ client, clock: systemClock, logger });
  const programs = config.allowPrograms ? new ProgramTraining(programSettings(config), output) : undefined;
  const training = new FetchedTraining(new ChosenTraining(networks, programs), files);
  shutdown.add("training", async () => {
    await training.close();
    files.close();
  });

  const source = new NatsAssignmentSource(connection, logger, new NatsNames(config.natsPrefix));
  const runner = new TrainerRunner({
    assignments: traces?.attempts.following(source) ?? source,
    coordinator: new CoordinatorClient(client, { id, engine }, { timers: systemTimers, address: coordinatorAddress }),
    training,
    clock: systemClock,
    timers: systemTimers,
    logs,
    settings: config,
    observe: (step) => {
      metrics?.observe(step);
      traces?.attempts.observe(step);
    },
  });
  const run = runner.run();
  const drain = async (): Promise<void> => {
    runner.drain();
    await run;
  };
  shutdown.add("trainer", drain, config.drainMs + RUN_END_MS);
  const fault = await run;
  if (fault !== undefined) throw new UserError(fault);
}

/** Serves the metrics if they have an address. */
async function startMetrics(
  { metricsAddress, gpuDevice: device }: TrainerConfig,
  logger: Logger,
  shutdown: Shutdown,
): Promise<TrainerMetrics | undefined> {
  if (metricsAddress === undefined) return undefined;
  const registry = createRegistry({ service: "trainer", version: versionOf(DESCRIPTION) });
  const metrics = new TrainerMetrics(registry);
  const gpus = new NvidiaSmi({ device, logger });
  addGpuMetrics(registry, () => gpus.read());
  const server = await startMetricsServer(registry, metricsAddress, logger);
  shutdown.add("metrics", () => server.close());
  return metrics;
}

/** Exports the spans of attempts and of their calls if a collector has an address. */
async function startTraces(config: TrainerConfig, shutdown: Shutdown) {
  const { trainerId } = config;
  const service = { name: "sintonia-trainer", version: versionOf(DESCRIPTION), instance: trainerId };
  const record = await startTracing(config, service, shutdown);
  if (record === undefined) return undefined;
  const attempts = new AttemptTraces(record, { clock: systemClock, trainerId });
  return { attempts, calls: clientTracing({ ...TRACED_CALLS, record }, attempts.present) };
}

function childSettings(config: TrainerConfig): ChildSettings {
  const { engine, engineThreads: threads, dataDir, cacheDir, allowDownload, allowPrograms } = config;
  const { gpuMemoryGrowth: memoryGrowth, gpuDevice: device, gpuTf32: tf32, cudaCacheDir } = config;
  const gpu = { memoryGrowth, device, tf32, cudaCacheDir };
  return { engine, threads, gpu, dataDir, cacheDir, allowDownload, allowPrograms };
}

function programSettings(config: TrainerConfig): ProgramSettings {
  const { engineThreads: threads, gpuDevice: gpu, programUser: user, cacheDir, trainerId } = config;
  const folder = resolve(cacheDir, "programs", trainerId.replaceAll(/[^\w.-]/g, "_"));
  return { environment: programBaseEnvironment(), threads, gpu, user, folder };
}

const DESCRIPTION = {
  program: "sintonia-trainer",
  purpose: "Trains the trials that a coordinator leases, one at a time, and reports every epoch.",
  variables: VARIABLES,
  packageUrl: new URL("../package.json", import.meta.url),
};
await runMain("sintonia-trainer", main, {
  verbose: wantsStacks(),
  text: () => requestedText(process.argv.slice(2), DESCRIPTION),
});
