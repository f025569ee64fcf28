// Wires the trainer: configuration, adapters, shell. The shutdown closes them in reverse order.

import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { UserError } from "@sintonia/runtime/errors";
import { createShutdown, exitWithParent, runMain, type Shutdown, shutdownOnSignals } from "@sintonia/runtime/lifecycle";
import { createLogger, type Logger } from "@sintonia/runtime/logger";
import { createRegistry } from "@sintonia/runtime/metrics/registry";
import { startMetricsServer } from "@sintonia/runtime/metrics/server";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { requestedText, versionOf } from "@sintonia/runtime/process/service-arguments";
import { startTracing } from "@sintonia/runtime/tracing/tracing";
import type { Registry } from "prom-client";
import { gpuReader, measureEquipment } from "./adapters/machine/equipment.js";
import { MachineMemoryReader } from "./adapters/machine/machine-memory.js";
import { GpuMemory } from "./adapters/nvidia/gpu-memory.js";
import { NvidiaSmi } from "./adapters/nvidia/nvidia-smi.js";
import { addDeviceMetrics } from "./adapters/prometheus/device-metrics.js";
import { addGpuMetrics } from "./adapters/prometheus/gpu-metrics.js";
import { TrainerMetrics } from "./adapters/prometheus/trainer-metrics.js";
import { readTrainerConfig, type TrainerConfig, VARIABLES, visibleDevices, wantsStacks } from "./config.js";
import type { Memory } from "./ports/memory.js";
import { TrialSlots } from "./shell/slots/trial-slots.js";
import { RUN_END_MS } from "./shell/trainer-runner.js";
import { openSlot } from "./slot.js";

const PACKAGE_URL = new URL("../package.json", import.meta.url);
const VERSION = versionOf({ packageUrl: PACKAGE_URL });

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
  const meters = await startMetrics(config, logger, shutdown);
  const { trainerId: instance } = config;
  const record = await startTracing(config, { name: "sintonia-trainer", version: VERSION, instance }, shutdown);
  const connection = await connectNats({
    settings: config,
    name: instance,
    role: "trainer",
    logger,
    signal: shutdown.signal,
  });
  shutdown.add("nats", () => connection.drain());

  const { trialsAtOnce, gpuDevice: devices = visibleDevices() } = config;
  const equipment = await measureEquipment({ ...config, devices }, gpuReader(logger));
  const shared = { config, equipment, connection, metrics: meters?.ofTrials, record };
  const slots = new TrialSlots({
    trialsAtOnce,
    memories: memoriesOf(config, logger),
    open: (slot) => openSlot(shared, slot),
    clock: systemClock,
    timers: systemTimers,
    logger,
    settings: config,
  });
  if (meters !== undefined) addDeviceMetrics(meters.registry, () => slots.device);
  shutdown.add("training", () => slots.close());
  const run = slots.run();
  const drain = async (): Promise<void> => {
    slots.drain();
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
): Promise<{ readonly registry: Registry; readonly ofTrials: TrainerMetrics } | undefined> {
  if (metricsAddress === undefined) return undefined;
  const registry = createRegistry({ service: "trainer", version: VERSION });
  const ofTrials = new TrainerMetrics(registry);
  const gpus = new NvidiaSmi({ device, logger });
  addGpuMetrics(registry, () => gpus.read());
  const server = await startMetricsServer(registry, metricsAddress, logger);
  shutdown.add("metrics", () => server.close());
  return { registry, ofTrials };
}

/** Returns the memories that limit the trials: that of the GPU only if the trainer uses one. */
function memoriesOf({ engine, gpuDevice: device }: TrainerConfig, logger: Logger): readonly Memory[] {
  const machine = new MachineMemoryReader();
  if (engine !== "tfjs-node-gpu" && device === undefined) return [machine];
  const gpus = new NvidiaSmi({ device, logger });
  return [new GpuMemory(() => gpus.read()), machine];
}

const DESCRIPTION = {
  program: "sintonia-trainer",
  purpose: "Trains the trials that a coordinator leases, and reports every epoch.",
  variables: VARIABLES,
  packageUrl: PACKAGE_URL,
};
await runMain("sintonia-trainer", main, {
  verbose: wantsStacks(),
  text: () => requestedText(process.argv.slice(2), DESCRIPTION),
});
