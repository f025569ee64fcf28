// Many trials of a fixed duration on many trainers.

import { setTimeout as delay } from "node:timers/promises";
import { resourcesOf } from "../../../soak/child-resources.js";
import { type Spread, spreadOf } from "../../event-loop/loop-delay.js";
import { type Installation, withInstallation } from "../installation.js";
import { syntheticSpec } from "../synthetic-study.js";
import { startTrainers } from "./trainers.js";

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
  readonly coordinatorMemoryMb: number;
}

/** Id of the only study. */
export const STUDY = "trials";
/** Interval at which the study is read, in milliseconds. */
const POLL_MS = 100;

/** Measures a study of many short trials. */
export async function measureTrials(load: TrialsLoad): Promise<TrialsFigures> {
  const { trainers, trials, trialSeconds, oracle } = load;
  return await withInstallation(async (installation) => {
    const { admin, coordinator } = installation;
    const pauseMs: number[] = [];
    const noteTrial = (_: number, pause: number | undefined): void => {
      if (pause !== undefined) pauseMs.push(pause);
    };
    const endTrainers = await startTrainers(installation, { trainers, trialSeconds, onTrial: noteTrial });
    const startMs = performance.now();
    const spec = syntheticSpec(STUDY, { trials, parallel: trainers, oracle });
    await admin.createStudy({ spec, studyId: STUDY });
    await trialsSettled(installation, trials);
    const seconds = (performance.now() - startMs) / 1_000;
    const coordinatorMemoryMb = Math.round((await resourcesOf(coordinator.pid)).residentBytes / 1e6);
    await endTrainers();
    const idealSeconds = (trials * trialSeconds) / trainers;
    const idle = 1 - idealSeconds / seconds;
    const pausedSeconds = pauseMs.reduce((sum, ms) => sum + ms, 0) / 1_000;
    const idleBetween = pausedSeconds / (pausedSeconds + pauseMs.length * trialSeconds || 1);
    const pause = spreadOf(pauseMs);
    return { ...load, seconds, idealSeconds, idle, idleBetween, pause, coordinatorMemoryMb };
  });
}

/** Waits for the end of the trials of the only study. */
export async function trialsSettled({ admin }: Installation, trials: number): Promise<void> {
  const settled = async () => (await admin.getStudy({ studyId: STUDY })).study?.settledCount ?? 0;
  while ((await settled()) < trials) await delay(POLL_MS);
}
