// A trainer that takes assignments, trains, reports, saves checkpoints, resumes from those of
// others, and repeats lost calls. It may crash, be asked to stop, have unusable data, or freeze for
// a while and not notice until its next call.

import type { Answer } from "@sintonia/coordinator/core/boundary/answer";
import type { StudyInput } from "@sintonia/coordinator/core/boundary/input";
import { type CheckpointRecord, findTrial, type Study } from "@sintonia/coordinator/core/state/study";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { sha256Of, trialIdOf } from "@sintonia/protocol/names.fixture";
import { type Cluster, RULES } from "./cluster.js";
import { checkpointName, initialState, measuredIn, stateAfter } from "./training.js";
import type { World } from "./world.js";

const EPOCH_MS = 400;
const EPOCHS_PER_CHECKPOINT = 2;
/** Longest upload in ms. Exceeds an epoch, so that checkpoints overtake each other. */
const UPLOAD_MAX_MS = 900;
/** Longest late upload in ms. Another attempt may reach the same epoch before it ends. */
const LATE_UPLOAD_MAX_MS = 4 * RULES.leaseTtlMs;
const RETRY_MS = 300;
const WEIGHTS = { kind: "weights", sha256: sha256Of("0".repeat(64)), sizeBytes: 4 } as const;

interface Job {
  readonly lease: LeaseKey;
  readonly epochs: number;
  /** The next epoch, from 0. */
  epoch: number;
  /** State of the training before that epoch. */
  state: number;
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
    this.#cluster.trainerIds.add(this.#id);
    this.#look();
    this.#misbehave();
  }

  get #id(): string {
    return `${this.#name}.${this.#incarnation}`;
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
      this.#restart();
    }
    if (this.#world.chance(faults.preemption) && !this.#isFrozen()) {
      this.#world.note(`${this.#name} is asked to stop`);
      const lease = this.#job?.lease;
      const failure = { kind: "preempted", message: "The trainer was asked to stop." } as const;
      if (lease !== undefined) this.#cluster.call({ type: "fail-trial", lease, ...failure }, () => undefined);
      this.#restart();
    }
  }

  /** Starts a new process without the work of the old one. */
  #restart(): void {
    this.#cluster.trainerIds.delete(this.#id);
    this.#incarnation += 1;
    this.#cluster.trainerIds.add(this.#id);
    this.#job = undefined;
    this.#look();
  }

  /** Looks for an assignment, repeatedly while there is none. */
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
    const ask: StudyInput = { type: "acquire-lease", trialId, attempt, trainerId: this.#id };
    this.#insist(
      ask,
      () => this.#job === undefined,
      (answer, study) => {
        if (answer.kind === "refused" && answer.reason === "set-aside") return this.#look();
        if (this.#cluster.queue.get(trialId) === attempt) this.#cluster.queue.delete(trialId);
        if (answer.kind !== "granted") return this.#look();
        const lease = { studyId: study.id, trialId: trialIdOf(trialId), attempt, token: answer.lease.token };
        const epochs = 1 + ((5 * Number(trialId)) % 9);
        const job = { lease, epochs, epoch: 0, state: initialState(trialId), renewedAt: this.#world.nowMs };
        this.#job = job;
        if (this.#world.chance(this.#world.faults.badData)) return this.#failForData(job);
        this.#restore(job, findTrial(study, trialId)?.checkpoints ?? []);
      },
    );
  }

  /** Resumes from the first undamaged checkpoint; without one starts at epoch 0. */
  #restore(job: Job, [first, ...others]: readonly CheckpointRecord[]): void {
    if (first === undefined) {
      this.#train(job);
      return;
    }
    const { sha256 } = first.artifact;
    this.#later(this.#world.random.uniform() * this.#world.faults.delayMaxMs, job, () => {
      const stored = this.#cluster.checkpoints.get(sha256);
      if (stored === undefined || stored.isDamaged) return this.#restore(job, others);
      this.#say(job, { type: "resume-trial", lease: job.lease, sha256 }, () => {
        job.epoch = first.measurements.length;
        job.state = stored.state;
        this.#goOn(job);
      });
    });
  }

  #failForData(job: Job): void {
    const failure = { kind: "trainer", message: "The data set is not there." } as const;
    this.#say(job, { type: "fail-trial", lease: job.lease, ...failure }, () => this.#give(job));
  }

  #goOn(job: Job): void {
    const end: StudyInput = { type: "complete-trial", lease: job.lease, weights: WEIGHTS, keptEpochs: [] };
    if (job.epoch < job.epochs) this.#train(job);
    else this.#say(job, end, () => this.#give(job));
  }

  #train(job: Job): void {
    this.#later(EPOCH_MS, job, () => {
      const state = stateAfter(job.state, job.epoch);
      const metrics = { val_accuracy: measuredIn(state) };
      const measurement = { execution: 0, epoch: job.epoch, metrics, learningRate: 0.001, seconds: 0.4 };
      this.#say(job, { type: "report-epoch", lease: job.lease, measurement }, () => {
        job.state = state;
        job.epoch += 1;
        if (job.epoch % EPOCHS_PER_CHECKPOINT === 0) this.#save(job);
        this.#goOn(job);
      });
    });
  }

  /**
   * Saves a checkpoint in parallel to the training. The upload ends even if the trainer freezes or
   * crashes.
   */
  #save(job: Job): void {
    const { lease, epoch, state } = job;
    const sha256 = checkpointName(lease, epoch);
    const artifact = { kind: "checkpoint", sha256, sizeBytes: 4 } as const;
    const longestMs = this.#world.chance(this.#world.faults.loss) ? LATE_UPLOAD_MAX_MS : UPLOAD_MAX_MS;
    this.#world.after(this.#world.random.uniform() * longestMs, () => {
      this.#cluster.upload(sha256, state);
      const input: StudyInput = { type: "save-checkpoint", lease, artifact, execution: 0, epoch: epoch - 1 };
      this.#cluster.call(input, (answer) => {
        if (this.#job === job && answer.kind !== "continue") this.#give(job);
      });
    });
  }

  #give(job: Job): void {
    if (this.#job === job) this.#job = undefined;
    this.#look();
  }

  /**
   * Repeats a call under a lease until it is answered, the lease is lost, or the lease was not
   * renewed for its time to live.
   */
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

  #insist(input: StudyInput, relevant: () => boolean, onAnswer: (answer: Answer, study: Study) => void): void {
    const incarnation = this.#incarnation;
    let answered = false;
    const attempt = () => {
      if (answered || incarnation !== this.#incarnation || !relevant()) return;
      if (this.#isFrozen()) return this.#world.after(RETRY_MS, attempt);
      const job = this.#job;
      if (job !== undefined && this.#world.nowMs - job.renewedAt > RULES.leaseTtlMs) return this.#give(job);
      this.#cluster.call(input, (answer, study) => {
        if (answered || incarnation !== this.#incarnation || !relevant()) return;
        answered = true;
        onAnswer(answer, study);
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
