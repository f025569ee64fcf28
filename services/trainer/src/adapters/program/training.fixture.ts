// Drives a training process in tests as the trainer's core does.

import { EventEmitter, once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lease } from "@sintonia/protocol/lease";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import type { ProgramPlan } from "@sintonia/tuning/plan/program-plan";
import type { TrainingInput } from "../../ports/training-process.js";
import type { LocalTraining } from "../process/fetched-training.js";

/** A plan of a shell script with the objective `score`, to maximize. */
export function shellPlan(
  script: string,
  changes: Partial<ProgramPlan> = {},
  program: Partial<ProgramPlan["program"]> = {},
): ProgramPlan {
  return {
    program: {
      command: ["sh", "-c", script],
      metrics: { from: "report" },
      graceSeconds: 1,
      keep: "best-epoch",
      ...program,
    },
    objective: { metric: "score", goal: "maximize" },
    values: { rate: 0.5 },
    seeds: [7],
    ...changes,
  };
}

/** Returns the lease of a trial. */
export function leaseOf(plan: unknown, key: Partial<Lease["key"]> = {}): Lease {
  return {
    key: { studyId: studyIdOf("study"), trialId: trialIdOf("3"), attempt: 1, token: 1, ...key },
    ttlMs: 30_000,
    heartbeatIntervalMs: 10_000,
    planJson: JSON.stringify(plan),
    checkpoints: [],
  };
}

/** The events of a training process, in order. */
export class Events {
  readonly seen: TrainingInput[] = [];
  readonly #emitter = new EventEmitter();
  #read = 0;

  readonly emit = (event: TrainingInput): void => {
    this.seen.push(event);
    this.#emitter.emit("event");
  };

  /** Returns the next event. */
  async next(): Promise<TrainingInput> {
    while (this.seen.length <= this.#read) await once(this.#emitter, "event");
    return this.seen[this.#read++] as TrainingInput;
  }

  /** Returns the next event, which has a type. */
  async nextOf<T extends TrainingInput["type"]>(type: T): Promise<Extract<TrainingInput, { type: T }>> {
    const event = await this.next();
    if (event.type !== type) throw new Error(`expected ${type}, received ${JSON.stringify(event)}`);
    return event as Extract<TrainingInput, { type: T }>;
  }

  /** Answers "continue" to every epoch, and returns the event that ends the trial. */
  async untilEnd(training: LocalTraining): Promise<TrainingInput> {
    for (;;) {
      const event = await this.next();
      if (event.type !== "epoch-trained") return event;
      training.resume();
    }
  }
}

/** A temporary folder for a test. */
export async function temporaryFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "sintonia-trainer-"));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Writes a file and returns its path. */
export async function fileIn(folder: string, name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}
