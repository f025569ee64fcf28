// Wires the trainer: configuration, adapters, shell. The shutdown closes them in reverse order.

import { join } from "node:path";
import { systemClock } from "@sintonia/runtime/clock";
import { UserError } from "@sintonia/runtime/errors";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";
import { createShutdown, exitWithParent, runMain, type Shutdown, shutdownOnSignals } from "@sintonia/runtime/lifecycle";
import { createLogger, type Logger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { requestedText } from "@sintonia/runtime/service-arguments";
import { FileCache } from "./adapters/filesystem/file-cache.js";
import { CoordinatorClient } from "./adapters/grpc/coordinator-client.js";
import { CoordinatorFiles } from "./adapters/grpc/file-origin.js";
import { NatsAssignmentSource } from "./adapters/nats/assignment-source.js";
import { FetchedTraining } from "./adapters/process/fetched-training.js";
import { ForkedTraining } from "./adapters/process/forked-training.js";
import type { ChildSettings } from "./adapters/process/protocol.js";
import { childEnvironment, readTrainerConfig, type TrainerConfig, VARIABLES, wantsStacks } from "./config.js";
import { TrainerRunner } from "./shell/trainer-runner.js";

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
  const connection = await connectNats({ settings: config, name: id, logger, signal: shutdown.signal });
  shutdown.add("nats", () => connection.drain());

  const { client, close } = connectTrainerService(config.coordinatorAddress);
  shutdown.add("coordinator", close);

  const files = new FileCache({
    folder: join(config.cacheDir, "files"),
    bytesMax: config.fileCacheMib * 2 ** 20,
    origin: new CoordinatorFiles(client),
    logger,
  });
  const training = new FetchedTraining(new ForkedTraining(childSettings(config), logger, childEnvironment()), files);
  shutdown.add("training", async () => {
    await training.close();
    files.close();
  });

  const runner = new TrainerRunner({
    assignments: new NatsAssignmentSource(connection, logger),
    coordinator: new CoordinatorClient(client, { id, engine }),
    training,
    clock: systemClock,
    logger,
    checkpointIntervalMs: config.checkpointIntervalMs,
  });
  const run = runner.run();
  shutdown.add("trainer", async () => {
    runner.drain();
    await run;
  });
  const fault = await run;
  if (fault !== undefined) throw new UserError(fault);
}

function childSettings(config: TrainerConfig): ChildSettings {
  const { engine, engineThreads: threads, dataDir, cacheDir, allowDownload } = config;
  const { gpuMemoryGrowth: memoryGrowth, gpuDevice: device, gpuTf32: tf32, cudaCacheDir } = config;
  return { engine, threads, gpu: { memoryGrowth, device, tf32, cudaCacheDir }, dataDir, cacheDir, allowDownload };
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
