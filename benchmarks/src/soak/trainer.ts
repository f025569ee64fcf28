// A trainer's training process without a coordinator. Every report is answered with continue, and a
// checkpoint is saved after every epoch.

import { nameOf, STUDY_ID, TRIAL_ID } from "@sintonia/protocol/names";
import { createLogger } from "@sintonia/runtime/logger";
import { ForkedTraining } from "@sintonia/trainer/adapters/process/forked-training";
import type { TrainingInput } from "@sintonia/trainer/ports/training-process";
import { TrialLogs } from "@sintonia/trainer/shell/trial-logs";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";

export interface TrainerOptions {
  /** Folder for files of the process. */
  readonly cacheDir: string;
  /** Options of Node for the process. @default a trainer's */
  readonly nodeOptions?: readonly string[];
}

export class Trainer {
  readonly #training: ForkedTraining;
  #listener: (event: TrainingInput) => void = () => {};

  private constructor(training: ForkedTraining) {
    this.#training = training;
  }

  /** Starts the process and waits for its engine. */
  static async start({ cacheDir, nodeOptions }: TrainerOptions): Promise<Trainer> {
    const logger = createLogger({ service: "soak", instance: "soak", level: "warn" });
    const training = new ForkedTraining(
      { engine: "onnx", threads: 1, cacheDir, allowDownload: false },
      new TrialLogs(logger),
      { env: process.env, ...(nodeOptions && { options: nodeOptions }) },
    );
    const trainer = new Trainer(training);
    const ready = trainer.#until((event) => event.type === "engine-ready");
    training.start((event) => trainer.#listener(event));
    await ready;
    return trainer;
  }

  get pid(): number {
    if (this.#training.pid === undefined) throw new Error("the training process has ended");
    return this.#training.pid;
  }

  /** Trains a trial to its end. @returns the total size of its checkpoints in bytes */
  async train(plan: TrainingPlan, number: number): Promise<number> {
    let checkpointBytes = 0;
    const done = this.#until((event) => {
      if (event.type === "epoch-trained") {
        this.#training.resume();
        this.#training.save();
      }
      if (event.type === "checkpoint-made") checkpointBytes += event.checkpoint.bytes.length;
      return event.type === "training-completed";
    });
    const key = {
      studyId: nameOf(STUDY_ID, "soak"),
      trialId: nameOf(TRIAL_ID, String(number)),
      attempt: 1,
      token: number + 1,
    };
    const lease = { ttlMs: 15_000, heartbeatIntervalMs: 5_000, planJson: JSON.stringify(plan), checkpoints: [] };
    this.#training.train({ key, ...lease }, {});
    await done;
    return checkpointBytes;
  }

  close(): Promise<void> {
    return this.#training.close();
  }

  #until(isLast: (event: TrainingInput) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#listener = (event) => {
        if (event.type === "engine-failed" || event.type === "child-died") reject(new Error(JSON.stringify(event)));
        else if (event.type === "training-failed") reject(new Error(event.failure.message));
        else if (isLast(event)) resolve();
      };
    });
  }
}
