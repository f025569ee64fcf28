// Slots on ports in memory, with time that a test advances.

import { setImmediate as turn } from "node:timers/promises";
import type { Failure } from "@sintonia/protocol/attempt-result";
import type { Assignment, Lease } from "@sintonia/protocol/lease";
import type { Clock, Timers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { TrialsAtOnce } from "../../core/device/device.js";
import type { MemoryReading } from "../../core/device/pool.js";
import { SAMPLE_INPUTS, sampleLease } from "../../core/samples.fixture.js";
import type { AssignmentSource } from "../../ports/assignment-source.js";
import type { Coordinator } from "../../ports/coordinator.js";
import type { TrainingInput, TrainingProcess } from "../../ports/training-process.js";
import { TrialLogs } from "../trial-logs.js";
import { type SlotPorts, TrialSlots } from "./trial-slots.js";

/** A training process that a test speaks for. */
class ScriptedTraining implements TrainingProcess {
  emit: (event: TrainingInput) => void = () => {};
  isTraining = false;
  isClosed = false;
  readonly #first: TrainingInput;

  constructor(first: TrainingInput) {
    this.#first = first;
  }

  start(emit: (event: TrainingInput) => void): void {
    this.emit = emit;
    queueMicrotask(() => emit(this.#first));
  }

  train(): void {
    this.isTraining = true;
  }

  resume(): void {}

  /** Fails, as after the end of a trial. */
  save(): void {
    queueMicrotask(() => this.emit({ type: "checkpoint-failed", message: "no epoch" }));
  }

  stop(): void {
    this.isTraining = false;
    queueMicrotask(() => this.emit({ type: "engine-ready" }));
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** A trainer with slots, and its surroundings. */
export class Scene {
  /** The training processes in the order in which their slots opened. */
  readonly trainings: ScriptedTraining[] = [];
  readonly failures: Failure[] = [];
  readonly slots: TrialSlots;
  readonly end: Promise<string | undefined>;
  /** The next reading of the memory. */
  memory: MemoryReading = { usedBytes: 100, totalBytes: 1_000 };
  /** What the engine of the next slot says first. */
  engine: TrainingInput = { type: "engine-ready" };
  /** The error of the next slot's ports; none if undefined. */
  fault: Error | undefined;
  #nowMs = 0;
  readonly #tasks = new Set<{ readonly atMs: number; readonly run: () => void }>();

  constructor(trialsAtOnce: TrialsAtOnce, queue: AssignmentSource) {
    const clock: Clock = { monotonicMs: () => this.#nowMs, wallTime: () => new Date(0) };
    this.slots = new TrialSlots({
      trialsAtOnce,
      memories: [{ name: "gpu", read: async () => this.memory }],
      open: () => this.#open(queue),
      clock,
      timers: this.#timers(),
      logger: createLogger({ service: "trainer", instance: "test", level: "silent" }),
      settings: { checkpointIntervalMs: 1e6, drainMs: 5_000 },
    });
    this.end = this.slots.run();
  }

  /** Lets time pass, and all that follows from it. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (; this.#nowMs < endMs; this.#nowMs += 100) {
      for (const task of [...this.#tasks]) if (task.atMs <= this.#nowMs && this.#tasks.delete(task)) task.run();
      await turn();
    }
  }

  /** Trains two epochs in a slot, and reads the memory. */
  async measure(index: number, memory: Partial<MemoryReading>): Promise<void> {
    for (let epoch = 0; epoch < 2; epoch += 1) {
      this.trainings[index]?.emit(SAMPLE_INPUTS["epoch-trained"]);
      await this.pass(500);
    }
    this.memory = { ...this.memory, ...memory };
    await this.pass(4_000);
  }

  #open(assignments: AssignmentSource): SlotPorts {
    if (this.fault !== undefined) throw this.fault;
    const training = new ScriptedTraining(this.engine);
    this.trainings.push(training);
    return {
      assignments,
      coordinator: this.#coordinator(),
      training,
      logs: new TrialLogs(createLogger({ service: "trainer", instance: "test", level: "silent" })),
      processIds: () => [],
      close: () => training.close(),
    };
  }

  #coordinator(): Coordinator {
    const follow = async () => "continue" as const;
    const leaseOf = (assignment: Assignment): Lease => ({
      ...sampleLease,
      key: { ...sampleLease.key, ...assignment },
      ttlMs: 1e6,
      checkpoints: [],
    });
    return {
      acquireLease: async (assignment) => ({ kind: "granted", lease: leaseOf(assignment) }),
      heartbeat: async () => ({ directive: "continue", order: "none" }),
      reportEpoch: follow,
      saveCheckpoint: follow,
      downloadCheckpoint: async () => new Uint8Array(),
      resumeTrial: follow,
      uploadWeights: async () => {},
      completeTrial: follow,
      failTrial: async (_, failure) => {
        this.failures.push(failure);
        return "continue";
      },
    };
  }

  #timers(): Timers {
    return {
      monotonicMs: () => this.#nowMs,
      random: () => 0,
      after: (delayMs, run) => {
        const task = { atMs: this.#nowMs + delayMs, run };
        this.#tasks.add(task);
        return () => void this.#tasks.delete(task);
      },
    };
  }
}
