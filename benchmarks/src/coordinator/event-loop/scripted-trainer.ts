// A trainer that trains nothing. It takes assignments, sends heartbeats, reports epochs, and
// measures the answer times.

import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { ArtifactKind } from "@sintonia/proto/sintonia/v1/study";
import type { LeaseKey, TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { type Connected, connectTrainerService } from "@sintonia/runtime/grpc/client";
import type { Logger } from "@sintonia/runtime/logger";
import type { connectNats } from "@sintonia/runtime/nats/connection";
import { NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";

const EPOCHS = 10;
/** Duration of an epoch in ms: 20 epochs a second, twenty times the rate of a real trainer. */
const EPOCH_MS = 50;
const WEIGHTS = Buffer.from("weights");
const ARTIFACT = {
  kind: ArtifactKind.WEIGHTS,
  sha256: createHash("sha256").update(WEIGHTS).digest("hex"),
  sizeBytes: WEIGHTS.length,
};

export interface ScriptedTrainer {
  readonly id: string;
  readonly address: string;
  readonly nats: Awaited<ReturnType<typeof connectNats>>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Receives the answer time of each heartbeat, in milliseconds. */
  readonly heartbeatMs: number[];
}

/**
 * Takes one trial after another until the signal is aborted. Each trial reports ten epochs and
 * completes.
 */
export async function runScriptedTrainer(trainer: ScriptedTrainer): Promise<void> {
  const { client, close } = connectTrainerService(trainer.address);
  const source = new NatsAssignmentSource(trainer.nats, trainer.logger);
  try {
    while (!trainer.signal.aborted) {
      const delivery = await source.next(trainer.signal);
      if (delivery === undefined) break;
      await delivery.accept();
      const identity = { id: trainer.id, engine: "scripted" };
      const { outcome } = await client.acquireLease({ ...delivery.assignment, trainer: identity });
      if (outcome?.$case === "lease" && outcome.value.key !== undefined)
        await train(client, outcome.value.key, trainer);
    }
  } finally {
    close();
  }
}

type TrainerClient = Connected<TrainerServiceDefinition>["client"];

async function train(client: TrainerClient, lease: LeaseKey, trainer: ScriptedTrainer): Promise<void> {
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    await heartbeats(client, lease, trainer.heartbeatMs);
    const accuracy = 0.5 + 0.4 * Math.sin(lease.token + epoch);
    const metrics = { loss: 0.5, accuracy, val_loss: 0.5, val_accuracy: accuracy };
    const measurement = { execution: 0, epoch, metrics, learningRate: 0.001, seconds: EPOCH_MS / 1000 };
    await client.reportEpoch({ lease, measurement });
    if (trainer.signal.aborted) return;
  }
  await client.uploadArtifact(parts(lease));
  await client.completeTrial({ lease, weights: ARTIFACT });
}

/** Sends heartbeats, one after another, for the duration of an epoch. */
async function heartbeats(client: TrainerClient, lease: LeaseKey, heartbeatMs: number[]): Promise<void> {
  const ends = performance.now() + EPOCH_MS;
  while (performance.now() < ends) {
    const began = performance.now();
    await client.heartbeat({ lease });
    heartbeatMs.push(performance.now() - began);
    await setTimeout(10);
  }
}

async function* parts(lease: LeaseKey) {
  yield { part: { $case: "header" as const, value: { lease, artifact: ARTIFACT } } };
  yield { part: { $case: "chunk" as const, value: WEIGHTS } };
}
