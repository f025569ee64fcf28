// Trainers in this process: the real shell of the trainer, whose training waits instead of
// training.

import { setTimeout as delay } from "node:timers/promises";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { CoordinatorClient } from "@sintonia/trainer/adapters/grpc/coordinator-client";
import { NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";
import { TrainerRunner } from "@sintonia/trainer/shell/trainer-runner";
import { TrialLogs } from "@sintonia/trainer/shell/trial-logs";
import type { Installation } from "../installation.js";
import { SyntheticTraining } from "./synthetic-training.js";

/** The trainers of a measurement. */
interface Trainers {
  readonly trainers: number;
  readonly trialSeconds: number;
  /**
   * Called at the start of each trial.
   *
   * @param index - of the trainer
   * @param pauseMs - time since the end of its last trial, in milliseconds
   */
  readonly onTrial: (index: number, pauseMs: number | undefined) => void;
}

/** Trainers that connect at the same time: all are in one process, which has to answer NATS. */
const CONNECTING_MAX = 20;
/** Time for which the trainers connect before the study begins, in milliseconds. */
const CONNECT_MS = 3_000;

/** Starts trainers and waits until they are connected. Returns a function that ends them. */
export async function startTrainers(
  installation: Installation,
  { trainers, trialSeconds, onTrial }: Trainers,
): Promise<() => Promise<void>> {
  const start = (index: number): Promise<() => Promise<void>> => {
    const training = new SyntheticTraining(trialSeconds, (pauseMs) => onTrial(index, pauseMs));
    return startTrainer(`trainer-${index}`, installation, training);
  };
  const ends: (() => Promise<void>)[] = [];
  while (ends.length < trainers) {
    const count = Math.min(CONNECTING_MAX, trainers - ends.length);
    ends.push(...(await Promise.all(Array.from({ length: count }, (_, i) => start(ends.length + i)))));
  }
  await delay(CONNECT_MS);
  return async () => void (await Promise.all(ends.map((end) => end())));
}

/** Starts a trainer with connections of its own. Returns a function that ends it. */
async function startTrainer(
  id: string,
  { coordinator, natsUrl, logger }: Installation,
  training: SyntheticTraining,
): Promise<() => Promise<void>> {
  const nats = await connectNats({ settings: { natsUrl: parseServers(natsUrl) }, name: id, logger });
  const { client, close } = connectTrainerService(coordinator.address);
  const runner = new TrainerRunner({
    assignments: new NatsAssignmentSource(nats, logger),
    coordinator: new CoordinatorClient(
      client,
      { id, engine: "synthetic", equipment: undefined },
      { timers: systemTimers },
    ),
    training,
    clock: systemClock,
    timers: systemTimers,
    logs: new TrialLogs(logger),
    settings: { checkpointIntervalMs: 30_000, drainMs: 5_000 },
  });
  const run = runner.run();
  return async () => {
    runner.drain();
    await run;
    close();
    await nats.drain();
  };
}
