// Epoch reports at a fixed rate: every trainer reports at its own times, whether or not its last
// answer was late, so that a slow answer also delays what follows it.

import { setTimeout as delay } from "node:timers/promises";
import type { LeaseKey, TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { type Connected, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { resourcesOf } from "../../soak/child-resources.js";
import { type Spread, spreadOf } from "../event-loop/loop-delay.js";
import { cpuSecondsOf } from "./cpu-time.js";
import { type Installation, withInstallation } from "./installation.js";
import { Heartbeats } from "./reports/heartbeats.js";
import { ReportConnection } from "./reports/report-connection.js";
import { syntheticSpec } from "./synthetic-study.js";

export interface ReportsLoad {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Time before the measurement, at the same rate, in which the processes compile their code. */
  readonly warmUpSeconds: number;
  readonly trainers: number;
  readonly studies: number;
}

export interface ReportsFigures extends ReportsLoad {
  /** Reports that the coordinator has stored. */
  readonly stored: number;
  /** Stored reports for each second. */
  readonly storedPerSecond: number;
  /** Reports that were due and not sent before the end: their trainers waited for answers. */
  readonly abandoned: number;
  /** Refusals for lack of room, after which the trainer repeated the report. */
  readonly refused: number;
  /** Time from the moment at which a report was due to its answer. */
  readonly answer: Spread;
  /** Part of it before the report was sent: its trainer waited for an answer, or the process. */
  readonly unsent: Spread;
  /** The answers of the warm-up. */
  readonly warmUp: Spread;
  /** Processor time of the coordinator for each second of the load. */
  readonly coordinatorCores: number;
  readonly coordinatorMemoryMb: number;
}

type TrainerClient = Connected<TrainerServiceDefinition>["client"];

interface Holder {
  readonly id: string;
  readonly connection: ReportConnection;
  readonly lease: LeaseKey;
}

/** A report that the coordinator has stored. Times are in milliseconds. */
interface Stored {
  /** Time from the first report until this one was due. */
  readonly dueMs: number;
  readonly unsentMs: number;
  readonly answerMs: number;
  /** Number of refusals before. */
  readonly refused: number;
}

/** Time after the end in which trainers still send what is due, in milliseconds. */
const GRACE_MS = 1_000;

/** Time until the first report, in milliseconds. */
const START_DELAY_MS = 200;

/** Measures the answers to epoch reports. */
export async function measureReports(load: ReportsLoad): Promise<ReportsFigures> {
  return await withInstallation(async (installation) => {
    const { pid } = installation.coordinator;
    const holders = await leaseAll(installation, load);
    const heartbeats = new Heartbeats(installation.coordinator.address, holders);
    const cpuBefore = await cpuSecondsOf(pid);
    const startMs = performance.now() + START_DELAY_MS;
    const all = await Promise.all(holders.map((holder, index) => reportAll(holder, { load, index, startMs })));
    const seconds = (performance.now() - startMs) / 1_000;
    const coordinatorCores = ((await cpuSecondsOf(pid)) - cpuBefore) / seconds;
    const coordinatorMemoryMb = Math.round((await resourcesOf(pid)).residentBytes / 1e6);
    for (const { connection } of holders) connection.close();
    await heartbeats.stop();
    return { ...load, ...figuresOf(all.flat(), load), coordinatorCores, coordinatorMemoryMb };
  });
}

function figuresOf(reports: readonly Stored[], load: ReportsLoad) {
  const { warmUpSeconds, seconds, trainers } = load;
  const isMeasured = ({ dueMs }: Stored): boolean => dueMs >= 1_000 * warmUpSeconds;
  const measured = reports.filter(isMeasured);
  const endMs = 1_000 * (warmUpSeconds + seconds);
  const lastMs = measured.reduce((last, { dueMs, answerMs }) => Math.max(last, dueMs + answerMs), endMs);
  return {
    stored: measured.length,
    abandoned: trainers * countOf(load) - reports.length,
    storedPerSecond: measured.length / (lastMs / 1_000 - warmUpSeconds),
    refused: measured.reduce((sum, { refused }) => sum + refused, 0),
    answer: spreadOf(measured.map(({ answerMs }) => answerMs)),
    unsent: spreadOf(measured.map(({ unsentMs }) => unsentMs)),
    warmUp: spreadOf(reports.filter((report) => !isMeasured(report)).map(({ answerMs }) => answerMs)),
  };
}

/** Returns the time between two reports of a trainer, in milliseconds. */
function intervalOf({ trainers, ratePerSecond }: ReportsLoad): number {
  return (1_000 * trainers) / ratePerSecond;
}

/** Returns the number of reports of a trainer. */
function countOf(load: ReportsLoad): number {
  return Math.floor((1_000 * (load.warmUpSeconds + load.seconds)) / intervalOf(load));
}

/** Sends the reports of a trainer, each when it is due and the one before is answered. */
async function reportAll(
  { connection, lease }: Holder,
  { load, index, startMs }: { readonly load: ReportsLoad; readonly index: number; readonly startMs: number },
): Promise<readonly Stored[]> {
  const intervalMs = intervalOf(load);
  const endMs = 1_000 * (load.warmUpSeconds + load.seconds) + GRACE_MS;
  const stored: Stored[] = [];
  for (let epoch = 0; epoch < countOf(load) && performance.now() - startMs < endMs; epoch++) {
    const dueMs = intervalMs * (epoch + index / load.trainers);
    const lateMs = (): number => performance.now() - startMs - dueMs;
    await delay(Math.max(0, -lateMs()));
    const unsentMs = lateMs();
    const refused = await report(connection, lease, epoch);
    stored.push({ dueMs, unsentMs, answerMs: lateMs(), refused });
  }
  return stored;
}

/** Reports an epoch, again after each refusal for lack of room. Returns the number of refusals. */
async function report(connection: ReportConnection, lease: LeaseKey, epoch: number): Promise<number> {
  const metrics = { score: Math.sin(epoch), loss: 1 / (1 + epoch) };
  const measurement = { execution: 0, epoch, metrics, learningRate: 0, seconds: 0.1 };
  for (let refused = 0; ; refused++) {
    const answer = await connection.report({ lease, measurement });
    if (answer.kind === "stored") return refused;
    await delay(answer.retryAfterMs * (1 + Math.random()));
  }
}

/** Creates the studies, and acquires the lease of a trial of theirs for every trainer. */
async function leaseAll({ coordinator, admin }: Installation, { trainers, studies }: ReportsLoad): Promise<Holder[]> {
  const { client, close } = connectTrainerService(coordinator.address);
  const ids = Array.from({ length: trainers }, (_, index) => `trainer-${index}`);
  for (const id of ids) await client.heartbeat({ trainer: { id, engine: "synthetic" } });
  const perStudy = Math.ceil(trainers / studies);
  for (let study = 0; study < studies; study += 1) {
    const spec = syntheticSpec(`s${study}`, { trials: perStudy, parallel: perStudy });
    await admin.createStudy({ spec, studyId: `s${study}` });
  }
  const leases = ids.map(async (id, index) => {
    const place = { studyId: `s${index % studies}`, trialId: `${Math.floor(index / studies)}`, attempt: 1 };
    return await acquire(client, place, id);
  });
  const holders = (await Promise.all(leases)).map((lease, index) => {
    return { id: ids[index] as string, lease, connection: new ReportConnection(coordinator.address) };
  });
  close();
  return holders;
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
