// The processes of one cluster, their supervisor, and the person who uses it.

import assert from "node:assert/strict";
import { Reaping } from "../checks/reaping.js";
import { Renewals } from "../checks/renewals.js";
import { Truth } from "../checks/truth.js";
import type { Server } from "../network/network.js";
import { CoordinatorProcess } from "../services/coordinator-process.js";
import type { Surroundings } from "../services/surroundings.js";
import { TIMES } from "../services/term-ports.js";
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

/** The size of a cluster. */
export interface ClusterSize {
  readonly coordinators: number;
  readonly trainers: number;
}

export class Cluster implements Surroundings {
  readonly world: World;
  readonly truth: Truth;
  readonly nats: NatsServer;
  readonly disk: Disk;
  readonly renewals: Renewals;
  readonly reaping: Reaping;
  readonly coordinators: CoordinatorProcess[] = [];
  readonly trainers: TrainerProcess[] = [];
  readonly addresses: readonly string[];
  /** Completed evaluations on the test split, by reading of the log and weights. */
  readonly evaluations: string[] = [];
  #started = 0;

  constructor(world: World, { coordinators, trainers }: ClusterSize) {
    this.world = world;
    const endingMs = TIMES.tickMs + STORING_MS + STORINGS * world.faults.delayMaxMs;
    this.reaping = new Reaping(world, { ttlMs: TIMES.leaseTtlMs, endingMs });
    this.truth = new Truth(world, this.reaping);
    this.nats = new NatsServer(world, this.truth);
    this.disk = new Disk(world, this.truth);
    this.renewals = new Renewals(world);
    this.addresses = Array.from({ length: coordinators }, (_, place) => `place-${place}`);
    for (const address of this.addresses) this.startCoordinator(address);
    for (let number = 0; number < trainers; number++) this.#startTrainer(number, 0);
  }

  /** Returns the coordinator that an address reaches: the ready one, as behind a load balancer. */
  coordinatorAt(address: string): Server | undefined {
    const there = this.coordinators.filter((coordinator) => coordinator.address === address);
    return (there.find(({ serving }) => serving !== undefined) ?? there.at(-1))?.server;
  }

  /** Returns the coordinators that serve. */
  serving(): readonly CoordinatorProcess[] {
    return this.coordinators.filter(({ serving }) => serving !== undefined);
  }

  /** Starts a coordinator at an address, beside another one unless identities forbid it. */
  startCoordinator(address: string): void {
    const isTaken = this.coordinators.some((coordinator) => coordinator.address === address);
    if (isTaken && this.world.isIdentified) return;
    const name = `coordinator-${++this.#started}`;
    this.world.note(`${name} starts at ${address}`);
    const identity = this.world.isIdentified ? address : "";
    const started = new CoordinatorProcess(this, { name, address, identity }, () => this.#remove(started));
    this.coordinators.push(started);
  }

  /** Lets the supervisor start another coordinator if it sees none that works at the address. */
  #remove(ended: CoordinatorProcess): void {
    this.coordinators.splice(this.coordinators.indexOf(ended), 1);
    const { address } = ended;
    this.world.after(500 + this.world.random.uniform() * RESTART_MAX_MS, () => {
      const works = (other: CoordinatorProcess) => other.address === address && !other.process.isFrozen;
      if (!this.coordinators.some(works)) this.startCoordinator(address);
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

  noteEvaluation(reading: string, sha256: string): void {
    const evaluation = `${reading} ${sha256}`;
    const isNew = !this.evaluations.includes(evaluation);
    if (!isNew) this.world.fail(new assert.AssertionError({ message: "the test split is read twice" }));
    this.evaluations.push(evaluation);
  }

  /** Ends all faults that last. */
  mend(): void {
    this.nats.mend();
    this.disk.mend();
    this.reaping.noteDisturbance(this.world.nowMs + TIMES.leaseTtlMs);
  }
}
