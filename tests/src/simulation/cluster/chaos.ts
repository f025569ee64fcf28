// The faults of processes, the store, the disk and the clocks. Those of messages are the network's.

import { RULES } from "../services/coordinator-process.js";
import type { World } from "../world/world.js";
import type { Cluster } from "./cluster.js";

const HOUR_MS = 3_600_000;

/** Draws the faults of each second. */
export function misbehave(cluster: Cluster): void {
  const { world } = cluster;
  world.after(1_000, () => {
    misbehave(cluster);
    disturbCoordinators(cluster);
    disturbTrainers(cluster);
    disturbStores(cluster);
    disturbClocks(cluster);
  });
}

function disturbCoordinators(cluster: Cluster): void {
  const { world, reaping } = cluster;
  const { faults } = world;
  for (const { process } of [...cluster.coordinators]) {
    if (world.chance(faults.coordinatorCrash)) process.kill("SIGKILL");
    else if (world.chance(faults.coordinatorFreeze) && !process.isFrozen) {
      const ms = upTo(world, 3 * RULES.leaseTtlMs);
      process.freeze(ms);
      reaping.noteDisturbance(world.nowMs + ms);
      // The supervisor sees no answer, and starts another coordinator beside the frozen one.
      if (world.chance(0.5)) world.after(upTo(world, ms), () => cluster.startCoordinator());
    }
  }
  if (cluster.coordinators.length === 1 && world.chance(faults.secondCoordinator)) cluster.startCoordinator();
  if (cluster.coordinators.length > 1) reaping.noteDisturbance();
}

function disturbTrainers({ world, trainers }: Cluster): void {
  const { faults } = world;
  for (const { process, preempt } of [...trainers]) {
    if (world.chance(faults.trainerCrash)) process.kill("SIGKILL");
    else if (world.chance(faults.trainerFreeze) && !process.isFrozen) process.freeze(upTo(world, 3 * RULES.leaseTtlMs));
    else if (world.chance(faults.preemption)) preempt();
  }
}

function disturbStores(cluster: Cluster): void {
  const { world, nats, disk, reaping } = cluster;
  const { faults } = world;
  const ms = upTo(world, 8_000);
  if (world.chance(faults.diskFull)) disk.fill(ms);
  const refuses = world.chance(faults.storeRefusal);
  const stalls = world.chance(faults.storeStall) && !nats.process.isFrozen;
  const isFull = world.chance(faults.storeFull);
  if (refuses) nats.refuse(ms);
  if (stalls) nats.process.freeze(ms);
  if (isFull) nats.fill(ms);
  // A client gives up after 5 s, and waits up to 5 s before it tries again.
  if (refuses || stalls || isFull) reaping.noteDisturbance(world.nowMs + ms + 10_000);
}

function disturbClocks({ world, coordinators, trainers }: Cluster): void {
  for (const { process } of [...coordinators, ...trainers]) {
    if (world.chance(world.faults.clockJump)) process.jumpWallClock((2 * world.random.uniform() - 1) * HOUR_MS);
  }
}

function upTo(world: World, ms: number): number {
  return world.random.uniform() * ms;
}
