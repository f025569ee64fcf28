// A trainer that takes assignments, trains, reports and repeats what gets lost; it may crash or freeze for a while, and
// does not notice until it speaks again.

import type { Answer, LeaseKey, StudyInput } from "@sintonia/coordinator/core/input";
import { type Cluster, RULES } from "./cluster.js";
import type { World } from "./world.js";

const EPOCH_MS = 400;
const RETRY_MS = 300;
const WEIGHTS = { kind: "weights", sha256: "0".repeat(64), sizeBytes: 4 } as const;

/** The objective of an epoch: a function of trial and epoch, so that a retry must reproduce it. */
export function valAccuracyOf(trialId: string, epoch: number): number {
  return ((Number(trialId) * 31 + epoch * 17) % 97) / 97;
}

interface Job {
  readonly lease: LeaseKey;
  readonly epochs: number;
  epoch: number;
  renewedAt: number;
}

export class SimulatedTrainer {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #name: string;
  #incarnation = 0;
  #frozenUntil = 0;
  #job: Job | undefined;

  constructor(world: World, cluster: Cluster, name: string) {
    this.#world = world;
    this.#cluster = cluster;
    this.#name = name;
    this.#look();
    this.#misbehave();
  }

  #isFrozen(): boolean {
    return this.#world.nowMs < this.#frozenUntil;
  }

  #misbehave(): void {
    this.#world.after(1_000, () => this.#misbehave());
    const { faults, random } = this.#world;
    if (this.#world.chance(faults.trainerFreeze)) {
      this.#frozenUntil = this.#world.nowMs + random.uniform() * 3 * RULES.leaseTtlMs;
      this.#world.note(`${this.#name} freezes`);
    }
    if (this.#world.chance(faults.trainerCrash)) {
      this.#world.note(`${this.#name} crashes`);
      this.#incarnation += 1;
      this.#job = undefined;
      this.#look();
    }
  }

  /** Offers itself for work, again and again while there is none. */
  #look(): void {
    const incarnation = this.#incarnation;
    this.#world.after(100 + this.#world.random.uniform() * 100, () => {
      if (incarnation !== this.#incarnation || this.#job !== undefined) return;
      const waiting = [...this.#cluster.queue][0];
      if (waiting === undefined || this.#isFrozen()) return this.#look();
      this.#acquire(waiting[0], waiting[1]);
    });
  }

  #acquire(trialId: string, attempt: number): void {
    const trainerId = `${this.#name}.${this.#incarnation}`;
    const ask: StudyInput = { type: "acquire-lease", trialId, attempt, trainerId };
    this.#insist(
      ask,
      () => this.#job === undefined,
      (answer) => {
        if (this.#cluster.queue.get(trialId) === attempt) this.#cluster.queue.delete(trialId);
        if (answer.kind !== "granted") return this.#look();
        const lease = { trialId, attempt, token: answer.lease.token };
        this.#job = { lease, epochs: 1 + (Number(trialId) % 4), epoch: 0, renewedAt: this.#world.nowMs };
        this.#train(this.#job);
      },
    );
  }

  #train(job: Job): void {
    this.#later(EPOCH_MS, job, () => {
      const metrics = { val_accuracy: valAccuracyOf(job.lease.trialId, job.epoch) };
      const measurement = { execution: 0, epoch: job.epoch, metrics, learningRate: 0.001, seconds: 0.4 };
      this.#say(job, { type: "report-epoch", lease: job.lease, measurement }, () => {
        job.epoch += 1;
        if (job.epoch < job.epochs) return this.#train(job);
        this.#say(job, { type: "complete-trial", lease: job.lease, weights: WEIGHTS, keptEpochs: [] }, () =>
          this.#give(job),
        );
      });
    });
  }

  #give(job: Job): void {
    if (this.#job === job) this.#job = undefined;
    this.#look();
  }

  /** Says something under a lease until it is answered, the lease is lost, or nothing could renew it for its whole life. */
  #say(job: Job, input: StudyInput, onContinue: () => void): void {
    this.#insist(
      input,
      () => this.#job === job,
      (answer) => {
        job.renewedAt = this.#world.nowMs;
        if (answer.kind === "rejected") throw new Error(`Rejected: ${JSON.stringify(answer.rejection)}`);
        if (answer.kind === "continue") onContinue();
        else this.#give(job);
      },
    );
  }

  #insist(input: StudyInput, relevant: () => boolean, onAnswer: (answer: Answer) => void): void {
    const incarnation = this.#incarnation;
    let answered = false;
    const attempt = () => {
      if (answered || incarnation !== this.#incarnation || !relevant()) return;
      if (this.#isFrozen()) return this.#world.after(RETRY_MS, attempt);
      const job = this.#job;
      if (job !== undefined && this.#world.nowMs - job.renewedAt > RULES.leaseTtlMs) return this.#give(job);
      this.#cluster.call(input, (answer) => {
        if (answered || incarnation !== this.#incarnation || !relevant()) return;
        answered = true;
        onAnswer(answer);
      });
      this.#world.after(RETRY_MS, attempt);
    };
    attempt();
  }

  #later(delayMs: number, job: Job, act: () => void): void {
    const incarnation = this.#incarnation;
    this.#world.after(delayMs, () => {
      if (incarnation !== this.#incarnation || this.#job !== job) return;
      if (this.#isFrozen()) return this.#later(RETRY_MS, job, act);
      act();
    });
  }
}
