// Synthetic trainers that report epochs of the trials that a loaded study has under way.

import { setTimeout as delay } from "node:timers/promises";
import type { LeaseKey } from "@sintonia/proto/sintonia/v1/trainer";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";

/** The trials that report. */
export interface LiveTrials {
  readonly studyId: string;
  /** Number of the first trial under way, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** Reports of all trials together in a second. */
  readonly ratePerSecond: number;
}

/** Trials that report until they are stopped. */
export interface Reporting {
  /** Number of stored reports so far. */
  readonly stored: () => number;
  stop(): Promise<void>;
}

type TrainerClient = ReturnType<typeof connectTrainerService>["client"];

/**
 * Takes the leases of trials whose trainers are gone, as soon as they have expired, and reports
 * epochs from then on.
 */
export async function reportLive(address: string, trials: LiveTrials): Promise<Reporting> {
  const { client, close } = connectTrainerService(address);
  const over = new AbortController();
  const holders = Array.from({ length: trials.count }, (_, index) => ({
    id: `live-${index}`,
    trialId: `${trials.first + index}`,
  }));
  const leases = await Promise.all(holders.map((holder) => acquire(client, trials.studyId, holder)));
  const counter = { stored: 0 };
  const intervalMs = (1_000 * trials.count) / trials.ratePerSecond;
  const work = leases.map((lease, index) =>
    report(client, lease, { counter, intervalMs, index, count: trials.count, signal: over.signal }),
  );
  const stop = async (): Promise<void> => {
    over.abort();
    await Promise.all(work);
    close();
  };
  return { stored: () => counter.stored, stop };
}

async function acquire(
  client: TrainerClient,
  studyId: string,
  { id, trialId }: { readonly id: string; readonly trialId: string },
): Promise<LeaseKey> {
  for (;;) {
    await client.heartbeat({ trainer: { id, engine: "synthetic" } });
    const { outcome } = await client.acquireLease({
      studyId,
      trialId,
      attempt: 2,
      trainer: { id, engine: "synthetic" },
    });
    if (outcome?.$case === "lease" && outcome.value.key !== undefined) return outcome.value.key;
    await delay(500);
  }
}

interface Pace {
  readonly counter: { stored: number };
  readonly intervalMs: number;
  readonly index: number;
  readonly count: number;
  readonly signal: AbortSignal;
}

/** Reports epochs, each at its own time. A late answer delays no later report. */
async function report(client: TrainerClient, lease: LeaseKey, { counter, intervalMs, index, count, signal }: Pace) {
  const startMs = performance.now() + (intervalMs * index) / count;
  for (let epoch = 0; !signal.aborted; epoch++) {
    await delay(Math.max(0, startMs + epoch * intervalMs - performance.now()));
    const metrics = { score: 1 - 1 / (2 + epoch / 50) + 0.01 * Math.sin(epoch + index), loss: 1 / (1 + epoch) };
    const measurement = { execution: 0, epoch, metrics, learningRate: 0.001, seconds: intervalMs / 1_000 };
    await client.reportEpoch({ lease, measurement });
    counter.stored += 1;
  }
}
