// Epoch reports at a fixed rate: every trainer reports at its own times, whether or not its last
// answer was late, so that a slow answer also delays what follows it.

import { setTimeout as delay } from "node:timers/promises";
import { Directive, type LeaseKey, type TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { type Connected, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { PUSHBACK_METADATA } from "@sintonia/runtime/grpc/pushback";
import type { Metadata } from "nice-grpc-common";
import { type Spread, spreadOf } from "../event-loop/loop-delay.js";
import { cpuSecondsOf } from "./cpu-time.js";
import { type Installation, withInstallation } from "./installation.js";
import { syntheticSpec } from "./synthetic-study.js";

export interface ReportsLoad {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly trainers: number;
  readonly studies: number;
}

export interface ReportsFigures extends ReportsLoad {
  /** Reports that the coordinator has stored. */
  readonly stored: number;
  /** Refusals for lack of room, after which the client repeated the report. */
  readonly refused: number;
  /** Time from the moment at which a report was due to its answer. */
  readonly answer: Spread;
  /** Processor time of the coordinator for each second of the load. */
  readonly coordinatorCores: number;
}

type TrainerClient = Connected<TrainerServiceDefinition>["client"];

interface Holder {
  readonly client: TrainerClient;
  readonly lease: LeaseKey;
  close(): void;
}

/** Measures the answers to epoch reports. */
export async function measureReports(load: ReportsLoad): Promise<ReportsFigures> {
  return await withInstallation(async (installation) => {
    const holders = await leaseAll(installation, load);
    const answerMs: number[] = [];
    let refused = 0;
    const cpuBefore = await cpuSecondsOf(installation.coordinator.pid);
    const startMs = performance.now() + 200;
    const intervalMs = (1_000 * load.trainers) / load.ratePerSecond;
    const reports = Math.floor((1_000 * load.seconds) / intervalMs);
    const run = async ({ client, lease }: Holder, index: number): Promise<void> => {
      const phaseMs = (intervalMs * index) / load.trainers;
      for (let epoch = 0; epoch < reports; epoch++) {
        const dueMs = startMs + phaseMs + epoch * intervalMs;
        await delay(Math.max(0, dueMs - performance.now()));
        await report(client, lease, epoch, () => {
          refused += 1;
        });
        answerMs.push(performance.now() - dueMs);
      }
    };
    await Promise.all(holders.map(run));
    for (const { close } of holders) close();
    const seconds = (performance.now() - startMs) / 1_000;
    const cpu = (await cpuSecondsOf(installation.coordinator.pid)) - cpuBefore;
    return {
      ...load,
      seconds,
      stored: answerMs.length,
      refused,
      answer: spreadOf(answerMs),
      coordinatorCores: cpu / seconds,
    };
  });
}

/** Reports an epoch. The client repeats the call after each refusal for lack of room. */
async function report(client: TrainerClient, lease: LeaseKey, epoch: number, onRefused: () => void): Promise<void> {
  const metrics = { score: Math.sin(epoch), loss: 1 / (1 + epoch) };
  const measurement = { execution: 0, epoch, metrics, learningRate: 0, seconds: 0.1 };
  const onTrailer = (trailer: Metadata): void => {
    if (trailer.has(PUSHBACK_METADATA)) onRefused();
  };
  const { directive } = await client.reportEpoch({ lease, measurement }, { onTrailer });
  if (directive !== Directive.CONTINUE) throw new Error(`epoch ${epoch} was answered with directive ${directive}`);
}

/** Creates the studies, and acquires the lease of a trial of theirs for every trainer. */
async function leaseAll({ coordinator, admin }: Installation, { trainers, studies }: ReportsLoad): Promise<Holder[]> {
  const ids = Array.from({ length: trainers }, (_, index) => `trainer-${index}`);
  const connections = ids.map((id) => ({ id, ...connectTrainerService(coordinator.address) }));
  await Promise.all(connections.map(({ id, client }) => client.heartbeat({ trainer: { id, engine: "synthetic" } })));
  const perStudy = Math.ceil(trainers / studies);
  for (let study = 0; study < studies; study += 1) {
    const spec = syntheticSpec(`s${study}`, { trials: perStudy, parallel: perStudy });
    await admin.createStudy({ spec, studyId: `s${study}` });
  }
  return await Promise.all(
    connections.map(async ({ id, client, close }, index) => {
      const place = { studyId: `s${index % studies}`, trialId: `${Math.floor(index / studies)}`, attempt: 1 };
      return { client, close, lease: await acquire(client, place, id) };
    }),
  );
}

/** Acquires a lease as soon as the trial exists. */
async function acquire(
  client: TrainerClient,
  place: { studyId: string; trialId: string; attempt: number },
  id: string,
): Promise<LeaseKey> {
  for (;;) {
    const { outcome } = await client.acquireLease({ ...place, trainer: { id, engine: "synthetic" } });
    if (outcome?.$case === "lease" && outcome.value.key !== undefined) return outcome.value.key;
    await delay(50);
  }
}
