// Wires one slot of the trainer: its training process, its client of the coordinator, its traces.

import { join, resolve } from "node:path";
import { StudyFiles } from "@sintonia/files/study-files";
import { sourceSettings } from "@sintonia/files/variables";
import type { Equipment } from "@sintonia/protocol/equipment";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";
import { clientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { createLogger } from "@sintonia/runtime/logger";
import { NatsNames } from "@sintonia/runtime/nats/names";
import { clientTracing, TRACED_CALLS } from "@sintonia/runtime/tracing/call-spans";
import type { RecordSpan } from "@sintonia/runtime/tracing/span";
import { resourceClassesOf } from "@sintonia/tuning/spec/resources";
import type { NatsConnection } from "nats";
import { CoordinatorClient } from "./adapters/grpc/coordinator-client.js";
import { CoordinatorFiles } from "./adapters/grpc/file-origin.js";
import { CoordinatorOutput } from "./adapters/grpc/output/output-sink.js";
import { assignmentConsumers, NatsAssignmentSource } from "./adapters/nats/assignment-source.js";
import { FetchedTraining } from "./adapters/process/fetched-training.js";
import { ForkedTraining } from "./adapters/process/forked-training.js";
import type { ChildSettings } from "./adapters/process/protocol.js";
import { ChosenTraining } from "./adapters/program/chosen-training.js";
import { ProgramTraining } from "./adapters/program/program-training.js";
import type { ProgramSettings } from "./adapters/program/program-trial.js";
import type { TrainerMetrics } from "./adapters/prometheus/trainer-metrics.js";
import { AttemptTraces } from "./adapters/tracing/attempt-traces.js";
import { childEnvironment, programBaseEnvironment, type TrainerConfig } from "./config.js";
import { slotTrainerId } from "./core/device/device.js";
import { MergedAssignments } from "./shell/merged-assignments.js";
import type { SlotPorts } from "./shell/slots/trial-slots.js";
import { TrialLogs } from "./shell/trial-logs.js";

/** What the slots of a trainer share. */
export interface SharedParts {
  readonly config: TrainerConfig;
  /** Each slot announces all of it. */
  readonly equipment: Equipment;
  readonly connection: NatsConnection;
  /** Undefined if the metrics have no address. */
  readonly metrics: TrainerMetrics | undefined;
  /** Undefined if traces are not exported. */
  readonly record: RecordSpan | undefined;
}

/** Opens the ports of a slot. To the coordinator it is a trainer of its own. */
export function openSlot(shared: SharedParts, slot: number): SlotPorts {
  const { config, equipment, connection, metrics } = shared;
  const id = config.trialsAtOnce === 1 ? config.trainerId : slotTrainerId(config.trainerId, slot);
  const logger = createLogger({ service: "trainer", instance: id, level: config.logLevel });
  const traces = startTraces(shared, id);
  const { coordinatorAddress: address, engine } = config;
  const { client, close } = connectTrainerService(address, clientSecurity(config, address), traces?.calls);
  const files = new StudyFiles({
    folder: join(config.cacheDir, "files"),
    ...sourceSettings(config),
    coordinator: new CoordinatorFiles(client),
    logger,
  });
  const logs = new TrialLogs(logger);
  const networks = new ForkedTraining(childSettings(config), logs, { env: childEnvironment() });
  const output = new CoordinatorOutput({ client, clock: systemClock, logger });
  const programs = config.allowPrograms ? new ProgramTraining(programSettings(config, id), output) : undefined;
  const training = new FetchedTraining(new ChosenTraining(networks, programs), files);
  const consumers = assignmentConsumers(new NatsNames(config.natsPrefix), resourceClassesOf(equipment));
  const source = new MergedAssignments(consumers.map((one) => new NatsAssignmentSource(connection, logger, one)));
  const trainer = { id, engine, equipment: { flavour: "", ...equipment } };
  const observed = metrics?.ofSlot(slot);
  return {
    assignments: traces?.attempts.following(source) ?? source,
    coordinator: new CoordinatorClient(client, trainer, { timers: systemTimers, address }),
    training,
    logs,
    observe: (step) => {
      observed?.(step);
      traces?.attempts.observe(step);
    },
    processIds: () => [networks.pid, programs?.pid].filter((pid) => pid !== undefined),
    close: async () => {
      await training.close();
      files.close();
      close();
    },
  };
}

/** Records the spans of attempts and of their calls. */
function startTraces({ record }: SharedParts, trainerId: string) {
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

function programSettings(config: TrainerConfig, id: string): ProgramSettings {
  const { engineThreads: threads, gpuDevice: gpu, programUser: user, cacheDir } = config;
  const folder = resolve(cacheDir, "programs", id.replaceAll(/[^\w.-]/g, "_"));
  return { environment: programBaseEnvironment(), threads, gpu, user, folder };
}
