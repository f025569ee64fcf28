// The processes of one cluster, their supervisor, and the person who uses it.

import assert from "node:assert/strict";
import { Reaping } from "../checks/reaping.js";
import { Renewals } from "../checks/renewals.js";
import { Truth } from "../checks/truth.js";
import type { Server } from "../network/network.js";
import { type CoordinatorProcess, RULES, startCoordinator, TICK_MS } from "../services/coordinator-process.js";
import type { Surroundings } from "../services/surroundings.js";
import { startTrainer, type TrainerProcess } from "../services/trainer-process.js";
import { Disk } from "../store/disk.js";
import { NatsServer } from "../store/nats-server.js";
import type { World } from "../world/world.js";

/** Time for the storing of the record that ends a lease, in milliseconds. */
const STORING_MS = 1_000;
/** Messages that may pass before the record that ends a lease is stored. */
const STORINGS = 12;

/** Longest time after which the supervisor starts a process again, in milliseconds. */
const RESTART_MAX_MS = 9_000;

export class Cluster implements Surroundings {
  readonly world: World;
  readonly truth: Truth;
  readonly nats: NatsServer;
  readonly disk: Disk;
  readonly renewals: Renewals;
  readonly reaping: Reaping;
  readonly coordinators: CoordinatorProcess[] = [];
  readonly trainers: TrainerProcess[] = [];
  /** Completed evaluations on the test split, by study's weights. */
  readonly evaluations: string[] = [];
  #started = 0;

  constructor(world: World, trainers: number) {
    this.world = world;
    const endingMs = TICK_MS + STORING_MS + STORINGS * world.faults.delayMaxMs;
    this.reaping = new Reaping(world, { ttlMs: RULES.leaseTtlMs, endingMs });
    this.truth = new Truth(world, this.reaping);
    this.nats = new NatsServer(world, this.truth);
    this.disk = new Disk(world, this.truth);
    this.renewals = new Renewals(world);
    this.startCoordinator();
    for (let number = 0; number < trainers; number++) this.#startTrainer(number, 0);
  }

  /** Returns one of the coordinators that answer; undefined if none does. */
  anyCoordinator(): Server | undefined {
    const servers = this.coordinators.flatMap(({ server }) => server ?? []);
    return servers.length < 2 ? servers[0] : servers[this.world.random.integer(servers.length)];
  }

  /** Starts one more coordinator. */
  startCoordinator(): void {
    const name = `coordinator-${++this.#started}`;
    this.world.note(`${name} starts`);
    this.reaping.noteStart(name);
    this.reaping.noteDisturbance();
    const started = startCoordinator(this, name, () => this.#remove(started));
    this.coordinators.push(started);
  }

  /** Lets the supervisor start another coordinator if it sees none that works. */
  #remove(ended: CoordinatorProcess): void {
    this.coordinators.splice(this.coordinators.indexOf(ended), 1);
    this.reaping.noteDisturbance();
    this.world.after(500 + this.world.random.uniform() * RESTART_MAX_MS, () => {
      this.reaping.noteDisturbance();
      if (!this.coordinators.some(({ process }) => !process.isFrozen)) this.startCoordinator();
    });
  }

  #startTrainer(number: number, incarnation: number): void {
    const id = `trainer-${number}.${incarnation}`;
    const started = startTrainer(this, id, () => {
      this.trainers.splice(this.trainers.indexOf(started), 1);
      const delayMs = 200 + this.world.random.uniform() * RESTART_MAX_MS;
      this.world.after(delayMs, () => this.#startTrainer(number, incarnation + 1));
    });
    this.trainers.push(started);
  }

  /** Notes that a process has evaluated weights on the test split. */
  noteEvaluation(process: string, sha256: string): void {
    const evaluation = `${process} ${sha256}`;
    const isNew = !this.evaluations.includes(evaluation);
    if (!isNew) this.world.fail(new assert.AssertionError({ message: "a coordinator reads the test split twice" }));
    this.evaluations.push(evaluation);
  }

  /** Ends all faults that last. One coordinator stays. */
  mend(): void {
    this.nats.mend();
    this.disk.mend();
    for (const { process } of [...this.coordinators].slice(0, -1)) process.kill("only one coordinator stays");
    this.reaping.noteDisturbance(this.world.nowMs + RULES.leaseTtlMs);
  }
}
