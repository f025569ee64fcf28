import type { Lease } from "@sintonia/protocol/lease";
import { isOutOfMemory } from "../../core/device/out-of-memory.js";
import type { TrainingInput, TrainingProcess } from "../../ports/training-process.js";

/**
 * A training process that shares its device. If memory runs out, the trial is handed back instead
 * of failed, provided that others were there to share it.
 */
export class SharedTraining implements TrainingProcess {
  readonly #training: TrainingProcess;
  readonly #ranOut: () => boolean;

  /** @param ranOut - hands the trial back and returns true, or returns false to let it fail */
  constructor(training: TrainingProcess, ranOut: () => boolean) {
    this.#training = training;
    this.#ranOut = ranOut;
  }

  start(emit: (event: TrainingInput) => void): void {
    this.#training.start((event) => {
      const isFault = event.type === "training-failed" || event.type === "child-died";
      const isHandedBack = isFault && isOutOfMemory(event) && this.#ranOut();
      // The death of the process is passed on, since no answer of the process follows.
      if (!isHandedBack || event.type === "child-died") emit(event);
    });
  }

  train(lease: Lease, checkpoint?: Uint8Array): void {
    this.#training.train(lease, checkpoint);
  }

  resume(): void {
    this.#training.resume();
  }

  save(): void {
    this.#training.save();
  }

  stop(): void {
    this.#training.stop();
  }

  async close(): Promise<void> {
    await this.#training.close();
  }
}
