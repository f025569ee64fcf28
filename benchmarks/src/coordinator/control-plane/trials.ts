// Many trials of a fixed duration on many trainers: the real shell of the trainer, whose training
// waits instead of training.

import { setTimeout as delay } from "node:timers/promises";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { CoordinatorClient } from "@sintonia/trainer/adapters/grpc/coordinator-client";
import { NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";
import { TrainerRunner } from "@sintonia/trainer/shell/trainer-runner";
import { resourcesOf } from "../../soak/child-resources.js";
import { type Spread, spreadOf } from "../event-loop/loop-delay.js";
import { type Installation, withInstallation } from "./installation.js";
import { syntheticSpec } from "./synthetic-study.js";
import { SyntheticTraining } from "./synthetic-training.js";

export interface TrialsLoad {
  readonly trainers: number;
  readonly trials: number;
  readonly trialSeconds: number;
  /** Type of the study's oracle. */
  readonly oracle: string;
}

export interface TrialsFigures extends TrialsLoad {
  /** From the creation of the study to the end of its last trial. */
  readonly seconds: number;
  /** The time that the trials would take without any pause. */
  readonly idealSeconds: number;
  /** Share of the trainers' time outside of trials. */
  readonly idle: number;
  /** Share of the trainers' time between the end of a training and the start of the next one. */
  readonly idleBetween: number;
  /** From the end of a training to the start of the trainer's next one. */
  readonly pause: Spread;
  /** From the creation of the study until the last trainer began its first trial. */
  readonly allBusySeconds: number;
  readonly coordinatorMemoryMb: number;
}

/** Interval at which the study is read, in milliseconds. */
const POLL_MS = 100;
/** Trainers that connect at the same time: all are in one process, which has to answer NATS. */
const CONNECTING_MAX = 20;
/** Time for which the trainers connect before the study begins, in milliseconds. */
const CONNECT_MS = 3_000;

/** Measures a study of many short trials. */
export async function measureTrials(load: TrialsLoad): Promise<TrialsFigures> {
  const { trainers, trials, trialSeconds, oracle } = load;
  return await withInstallation(async (installation) => {
    const { admin, coordinator } = installation;
    const firstTrialMs = new Map<number, number>();
    const pauseMs: number[] = [];
    const noteTrial = (index: number, pause: number | undefined): void => {
      if (!firstTrialMs.has(index)) firstTrialMs.set(index, performance.now());
      if (pause !== undefined) pauseMs.push(pause);
    };
    const start = (index: number): Promise<() => Promise<void>> => {
      const training = new SyntheticTraining(trialSeconds, (pause) => noteTrial(index, pause));
      return startTrainer(`trainer-${index}`, installation, training);
    };
    const fleet: (() => Promise<void>)[] = [];
    while (fleet.length < trainers) {
      const count = Math.min(CONNECTING_MAX, trainers - fleet.length);
      fleet.push(...(await Promise.all(Array.from({ length: count }, (_, i) => start(fleet.length + i)))));
    }
    await delay(CONNECT_MS);
    const startMs = performance.now();
    const spec = syntheticSpec("trials", { trials, parallel: trainers, oracle });
    await admin.createStudy({ spec, studyId: "trials" });
    while ((await settledTrials(installation)) < trials) await delay(POLL_MS);
    const seconds = (performance.now() - startMs) / 1_000;
    const coordinatorMemoryMb = Math.round((await resourcesOf(coordinator.pid)).residentBytes / 1e6);
    await Promise.all(fleet.map((end) => end()));
    const idealSeconds = (trials * trialSeconds) / trainers;
    const allBusySeconds = (Math.max(...firstTrialMs.values()) - startMs) / 1_000;
    const idle = 1 - idealSeconds / seconds;
    const pausedSeconds = pauseMs.reduce((sum, ms) => sum + ms, 0) / 1_000;
    const idleBetween = pausedSeconds / (pausedSeconds + pauseMs.length * trialSeconds || 1);
    const pause = spreadOf(pauseMs);
    return { ...load, seconds, idealSeconds, idle, idleBetween, pause, allBusySeconds, coordinatorMemoryMb };
  });
}

async function settledTrials({ admin }: Installation): Promise<number> {
  return (await admin.getStudy({ studyId: "trials" })).study?.settledCount ?? 0;
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
    coordinator: new CoordinatorClient(client, { id, engine: "synthetic" }, { timers: systemTimers }),
    training,
    clock: systemClock,
    timers: systemTimers,
    logger,
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
