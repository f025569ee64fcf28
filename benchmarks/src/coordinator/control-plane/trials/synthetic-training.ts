import { createHash } from "node:crypto";
import type { Lease } from "@sintonia/protocol/lease";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import type { TrainingInput, TrainingProcess } from "@sintonia/trainer/ports/training-process";

const BYTES = Buffer.from("weights");
const WEIGHTS = { bytes: BYTES, sha256: nameOf(SHA256, createHash("sha256").update(BYTES).digest("hex")) };

/** A training process that waits instead of training: one epoch of a fixed duration. */
export class SyntheticTraining implements TrainingProcess {
  readonly #seconds: number;
  /** Called at the start of each trial, with the time since the end of the last one. */
  readonly #onTrain: (pauseMs: number | undefined) => void;
  #endMs: number | undefined;
  #emit: (event: TrainingInput) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(seconds: number, onTrain: (pauseMs: number | undefined) => void) {
    this.#seconds = seconds;
    this.#onTrain = onTrain;
  }

  start(emit: (event: TrainingInput) => void): void {
    this.#emit = emit;
    setImmediate(() => emit({ type: "engine-ready" }));
  }

  train({ key }: Lease): void {
    this.#onTrain(this.#endMs === undefined ? undefined : performance.now() - this.#endMs);
    const metrics = { score: Math.sin(Number(key.trialId)) };
    const measurement = { execution: 0, epoch: 0, metrics, learningRate: 0, seconds: this.#seconds };
    this.#timer = setTimeout(() => this.#emit({ type: "epoch-trained", measurement }), 1_000 * this.#seconds);
  }

  resume(): void {
    this.#endMs = performance.now();
    this.#emit({ type: "training-completed", weights: { ...WEIGHTS, keptEpochs: [0] } });
  }

  save(): void {
    this.#emit({ type: "checkpoint-failed", message: "a synthetic training has no checkpoint" });
  }

  stop(): void {
    clearTimeout(this.#timer);
    setImmediate(() => this.#emit({ type: "engine-ready" }));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
  }
}
