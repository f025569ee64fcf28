// The training process of a simulated trainer.

import { createHash } from "node:crypto";
import type { Lease } from "@sintonia/protocol/lease";
import { nameOf, SHA256, type Sha256 } from "@sintonia/protocol/names";
import type { TrainingInput, TrainingProcess } from "@sintonia/trainer/ports/training-process";
import { epochsOf, factsOf, isSlow, measuredIn, stateAfter, stateBefore } from "../checks/training-values.js";
import type { Truth } from "../checks/truth.js";
import type { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";

const START_MS = 200;
const EPOCH_MIN_MS = 200;
const EPOCH_MAX_MS = 800;
const SAVE_MAX_MS = 300;
/** Factor of the epochs of slow trainings: some of them take longer than a lease lives. */
const SLOWNESS = 12;
/** Time after which a training ends that cannot go on. */
const FAULT_MS = 50;

/** The position and state of a training after its last epoch. */
interface Progress {
  readonly execution: number;
  /** The next epoch. */
  readonly epoch: number;
  readonly state: number;
  /** For each execution, its best epoch and that epoch's value. */
  readonly best: readonly { readonly epoch: number; readonly value: number }[];
}

interface Job {
  readonly lease: Lease;
  /** True for the test of a program's best trial. */
  readonly isTest: boolean;
  readonly executions: number;
  /** The progress up to the last epoch that was emitted. */
  progress: Progress;
  /** The progress up to the last epoch after which training resumed. */
  accepted: Progress | undefined;
  isWaiting: boolean;
}

/** The observer of a training. */
export interface TrainingWatch {
  /** Called before each epoch, with the lease under which it is trained. */
  readonly onEpoch: (lease: Lease) => void;
}

export class SimulatedTraining implements TrainingProcess {
  readonly #world: World;
  readonly #process: SimulatedProcess;
  readonly #truth: Truth;
  readonly #watch: TrainingWatch;
  #emit: (event: TrainingInput) => void = () => undefined;
  #job: Job | undefined;

  constructor(world: World, process: SimulatedProcess, truth: Truth, watch: TrainingWatch) {
    this.#world = world;
    this.#process = process;
    this.#truth = truth;
    this.#watch = watch;
  }

  start(emit: (event: TrainingInput) => void): void {
    this.#emit = emit;
    this.#process.after(START_MS, () => emit({ type: "engine-ready" }));
  }

  train(lease: Lease, checkpoint?: Uint8Array): void {
    const { seeds, tests } = JSON.parse(lease.planJson) as { seeds: readonly number[]; tests?: object };
    const progress = checkpoint === undefined ? beginning(lease) : restored(lease, checkpoint);
    if (progress === undefined) {
      this.#soon({ type: "checkpoint-refused", message: "It has another plan." });
      return;
    }
    const isTest = tests !== undefined;
    const job: Job = { lease, isTest, executions: seeds.length, progress, accepted: undefined, isWaiting: true };
    this.#job = job;
    if (checkpoint === undefined) this.#goOn(job);
    else this.#later(job, 10, () => this.#accept(job));
  }

  #accept({ lease, progress }: Job): void {
    const [execution, epoch] = lastEpoch(lease, progress);
    this.#emit({ type: "checkpoint-accepted", execution, epoch });
  }

  resume(): void {
    if (this.#job?.isWaiting === true) {
      this.#job.accepted = this.#job.progress;
      this.#goOn(this.#job);
    }
  }

  save(): void {
    const job = this.#job;
    const saved = job?.accepted;
    if (job === undefined || saved === undefined || saved.best.length === 0) {
      this.#soon({ type: "checkpoint-failed", message: "There is no epoch to save." });
      return;
    }
    this.#later(job, this.#world.random.uniform() * SAVE_MAX_MS, () => {
      const [execution, epoch] = lastEpoch(job.lease, saved);
      const { bytes, sha256 } = this.#made(job, { plan: job.lease.planJson, progress: saved });
      this.#emit({ type: "checkpoint-made", checkpoint: { bytes, sha256, execution, epoch } });
    });
  }

  stop(): void {
    const isWaiting = this.#job?.isWaiting === true;
    this.#job = undefined;
    this.#process.after(isWaiting ? 1 : START_MS, () => this.#emit({ type: "engine-ready" }));
  }

  async close(): Promise<void> {
    this.#job = undefined;
  }

  #goOn(job: Job): void {
    job.isWaiting = false;
    const { progress, executions } = job;
    const { faults } = this.#world;
    const isFirst = progress.epoch === 0 && progress.execution === 0;
    if (progress.execution >= executions) this.#complete(job);
    else if (isFirst && this.#world.chance(faults.badData)) this.#later(job, FAULT_MS, () => this.#failForData(job));
    else if (job.isTest && this.#world.chance(faults.badTestData))
      this.#later(job, FAULT_MS, () => this.#failTest(job));
    else if (this.#world.chance(faults.childDeath)) this.#later(job, FAULT_MS, () => this.#die(job));
    else this.#later(job, this.#epochMs(job), () => this.#trainEpoch(job));
  }

  #epochMs({ lease }: Job): number {
    const ms = EPOCH_MIN_MS + this.#world.random.uniform() * (EPOCH_MAX_MS - EPOCH_MIN_MS);
    return isSlow(lease.planJson) ? SLOWNESS * ms : ms;
  }

  #trainEpoch(job: Job): void {
    this.#watch.onEpoch(job.lease);
    const { execution, epoch } = job.progress;
    const state = stateAfter(job.progress.state, epoch);
    const value = measuredIn(state);
    job.progress = advanced(job, { state, value });
    job.isWaiting = true;
    const metrics = { val_accuracy: value };
    const seconds = job.lease.key.token;
    this.#emit({ type: "epoch-trained", measurement: { execution, epoch, metrics, learningRate: 0.001, seconds } });
  }

  #complete(job: Job): void {
    this.#later(job, 20, () => {
      const keptEpochs = job.progress.best.map(({ epoch }) => epoch);
      const { bytes, sha256 } = this.#made(job, { weights: job.lease.planJson });
      this.#job = undefined;
      const facts = factsOf(job.lease.planJson);
      this.#emit({ type: "training-completed", weights: { bytes, sha256, keptEpochs, ...(facts && { facts }) } });
    });
  }

  #failForData(job: Job): void {
    this.#job = undefined;
    const message = `The data set is not there (token ${job.lease.key.token}).`;
    this.#emit({ type: "training-failed", failure: { kind: "trainer", message } });
  }

  /** The program of a test ends with an error, which is final. */
  #failTest(job: Job): void {
    this.#job = undefined;
    const message = `The test data are not there (token ${job.lease.key.token}).`;
    this.#emit({ type: "training-failed", failure: { kind: "error", message } });
  }

  #die(job: Job): void {
    this.#job = undefined;
    this.#emit({ type: "child-died", detail: `token ${job.lease.key.token}` });
  }

  /** Encodes content. In every second run the bytes name the lease too. */
  #made({ lease }: Job, content: object): { bytes: Uint8Array; sha256: Sha256 } {
    const marked = this.#world.isMarked ? { ...content, token: lease.key.token } : content;
    const bytes = Buffer.from(JSON.stringify(marked));
    const sha256 = nameOf(SHA256, createHash("sha256").update(bytes).digest("hex"));
    this.#truth.noteWriter(sha256, lease.key.token);
    return { bytes, sha256 };
  }

  #later(job: Job, delayMs: number, act: () => void): void {
    this.#process.after(delayMs, () => {
      if (this.#job === job) act();
    });
  }

  #soon(event: TrainingInput): void {
    this.#process.after(1, () => this.#emit(event));
  }
}

function beginning({ planJson }: Lease): Progress {
  return { execution: 0, epoch: 0, state: stateBefore(planJson, 0), best: [] };
}

/** Returns the progress of a checkpoint; undefined if it has another plan. */
function restored({ planJson }: Lease, checkpoint: Uint8Array): Progress | undefined {
  const { plan, progress } = JSON.parse(Buffer.from(checkpoint).toString()) as { plan: string; progress: Progress };
  return plan === planJson ? progress : undefined;
}

/** Returns the progress after one more epoch, at the next execution if this one has ended. */
function advanced({ lease, progress }: Job, { state, value }: { state: number; value: number }): Progress {
  const { execution, epoch } = progress;
  const best = [...progress.best];
  const former = best[execution];
  if (former === undefined || value > former.value) best[execution] = { epoch, value };
  if (epoch + 1 < epochsOf(lease.planJson, execution)) return { execution, epoch: epoch + 1, state, best };
  return { execution: execution + 1, epoch: 0, state: stateBefore(lease.planJson, execution + 1), best };
}

function lastEpoch({ planJson }: Lease, { execution, epoch }: Progress): [number, number] {
  return epoch > 0 ? [execution, epoch - 1] : [execution - 1, epochsOf(planJson, execution - 1) - 1];
}
