// The real coordinator: its core, its shell and its gRPC services, in a simulated process. As in
// main.ts, it recovers all studies before it answers calls.

import { adminService } from "@sintonia/coordinator/adapters/grpc/admin-service";
import { trainerService } from "@sintonia/coordinator/adapters/grpc/trainer-service";
import type { Rules } from "@sintonia/coordinator/core/boundary/now";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { Health } from "@sintonia/coordinator/shell/health/health";
import { StateFolder } from "@sintonia/coordinator/shell/health/state-folder";
import { withFallback } from "@sintonia/coordinator/shell/oracle-fallback";
import { TrialOutputs } from "@sintonia/coordinator/shell/output/trial-outputs";
import { Coordinator } from "@sintonia/coordinator/shell/running/coordinator";
import { AnotherWriterError } from "@sintonia/coordinator/shell/study/journal";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { inProcessClient } from "@sintonia/runtime/grpc/in-process-client";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import type { Server } from "../network/network.js";
import { collected, streamOf } from "../network/streams.js";
import { QueueClient, StudyLogClient } from "../store/nats-clients.js";
import { SimulatedProcess } from "../world/process.js";
import { traceLogger } from "../world/trace-logger.js";
import { checkAnswer, heldLease } from "./answers.js";
import { SimulatedEvaluator } from "./evaluator.js";
import { SimulatedOracles } from "./oracles.js";
import type { Surroundings } from "./surroundings.js";

export const RULES = { leaseTtlMs: 6_000, republishAfterMs: 20_000, setAsideMs: 8_000 } satisfies Rules;

/** Interval of ticks in milliseconds. */
export const TICK_MS = 500;

const STREAMED = new Set(["uploadArtifact", "downloadCheckpoint"]);

/** A running coordinator. It answers calls once it has recovered its studies. */
export interface CoordinatorProcess {
  readonly process: SimulatedProcess;
  readonly coordinator: Coordinator;
  readonly startedMs: number;
  server: Server | undefined;
}

/** Starts a coordinator. It ends by itself after a fatal fault. */
export function startCoordinator(cluster: Surroundings, name: string, onEnd: () => void): CoordinatorProcess {
  const { world } = cluster;
  const process = new SimulatedProcess(world, name);
  process.onDeath(onEnd);
  const { coordinator, services } = assemble(cluster, process);
  const started: CoordinatorProcess = { process, coordinator, startedMs: world.nowMs, server: undefined };
  coordinator.recover().then(
    () => {
      for (const { studyId, reason } of coordinator.damagedStudies())
        world.fail(new Error(`study ${studyId} is set aside: ${reason}`));
      coordinator.startTicks();
      started.server = { process, answer: answering(cluster, started, services) };
    },
    (error: unknown) => end(cluster, process, error),
  );
  return started;
}

/** Ends a process for a fatal fault: another coordinator, or a store that does not answer. */
function end({ world }: Surroundings, process: SimulatedProcess, error: unknown): void {
  const isExpected = error instanceof AnotherWriterError || error instanceof StoreUnavailableError;
  if (!isExpected) world.fail(error);
  process.kill(`fatal: ${(error as Error).message}`);
}

type Calls = Readonly<Record<string, (request: unknown) => unknown>>;

function assemble(cluster: Surroundings, process: SimulatedProcess): { coordinator: Coordinator; services: Calls } {
  const { world, nats, disk } = cluster;
  const { clock, timers } = process;
  const { signal } = new AbortController();
  const logger = traceLogger(world, process);
  const health = new Health({ logger, clock, timers, onChange: () => undefined });
  const stateFolder = new StateFolder(health, async () => disk.requireRoom());
  const artifacts = stateFolder.watched(disk.artifactsFor(process));
  const checkpoints = stateFolder.watched(disk.checkpointsFor(process));
  const coordinator: Coordinator = new Coordinator({
    log: new StudyLogClient(world, nats, process),
    queue: new QueueClient(nats, process),
    oracles: withFallback(new SimulatedOracles(world, process), { logger, signal }),
    evaluator: new SimulatedEvaluator(cluster, process, artifacts),
    checkpoints,
    clock,
    timers,
    rules: RULES,
    stateFault: () => stateFolder.fault,
    trainerSilenceMs: RULES.leaseTtlMs,
    tickMs: TICK_MS,
    logger,
    signal,
    onFatal: (error) => end(cluster, process, error),
  });
  health.watch([stateFolder, { name: "study logs", check: () => coordinator.checkLogs() }], signal);
  const outputs = new TrialOutputs(disk.outputs, coordinator);
  const { files } = disk;
  const { leaseTtlMs } = RULES;
  const trainers = trainerService({ coordinator, artifacts, checkpoints, files, outputs, leaseTtlMs });
  const readSpec = async (text: string) => parseStudySpec(text);
  const admins = adminService({ coordinator, artifacts, files, outputs, readSpec });
  return {
    coordinator,
    services: {
      ...inProcessClient<Calls>(TrainerServiceDefinition, trainers),
      ...inProcessClient<Calls>(AdminServiceDefinition, admins),
    },
  };
}

/** Returns the function that answers the calls of the network, and checks each answer. */
function answering(
  cluster: Surroundings,
  { process, coordinator }: CoordinatorProcess,
  services: Calls,
): Server["answer"] {
  const { world } = cluster;
  return async (method, request) => {
    const call = services[method] as (request: unknown) => unknown;
    if (!STREAMED.has(method)) {
      const arrivedMs = world.nowMs;
      const before = heldLease(cluster, request);
      const answer = await call(request);
      checkAnswer(cluster, { process: process.name, coordinator, arrivedMs, before, method, request, answer });
      return answer;
    }
    if (method === "downloadCheckpoint") return await collected(call(request) as AsyncIterable<unknown>);
    const parts = request as readonly unknown[];
    const isBroken = world.chance(world.faults.brokenUpload);
    return await call(streamOf(parts, isBroken ? world.random.integer(parts.length + 1) : undefined));
  };
}
