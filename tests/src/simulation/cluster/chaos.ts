// The faults of processes, the store, the disk and the clocks. Those of messages are the network's.

import { TIMES } from "../services/term-ports.js";
import type { World } from "../world/world.js";
import type { Cluster } from "./cluster.js";

const HOUR_MS = 3_600_000;

/** Largest number of records that NATS loses at once. */
const LOST_MAX = 5;

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
  const { world } = cluster;
  const { faults } = world;
  for (const coordinator of [...cluster.coordinators]) {
    const { process, address } = coordinator;
    if (world.chance(faults.coordinatorCrash)) process.kill("SIGKILL");
    else if (world.chance(faults.coordinatorStop)) coordinator.stop();
    else if (world.chance(faults.coordinatorFreeze) && !process.isFrozen) {
      const ms = upTo(world, 3 * TIMES.leaseTtlMs);
      process.freeze(ms);
      // The supervisor sees no answer, and starts another coordinator beside the frozen one.
      if (world.chance(0.5)) world.after(upTo(world, ms), () => cluster.startCoordinator(address));
    }
  }
  const [address = ""] = cluster.addresses;
  const isAlone = cluster.coordinators.length <= cluster.addresses.length;
  if (isAlone && world.chance(faults.secondCoordinator)) cluster.startCoordinator(address);
}

function disturbTrainers({ world, trainers }: Cluster): void {
  const { faults } = world;
  for (const { process, preempt } of [...trainers]) {
    if (world.chance(faults.trainerCrash)) process.kill("SIGKILL");
    else if (world.chance(faults.trainerFreeze) && !process.isFrozen) process.freeze(upTo(world, 3 * TIMES.leaseTtlMs));
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
  const loses = world.chance(faults.recordLoss);
  if (loses) loseRecords(cluster);
  if (refuses) nats.refuse(ms);
  if (stalls) nats.process.freeze(ms);
  if (isFull) nats.fill(ms);
  // A client gives up after 5 s, and waits up to 5 s before it tries again.
  if (refuses || stalls || isFull || loses) reaping.noteDisturbance(world.nowMs + ms + 10_000);
}

/** NATS comes back with an older state, while coordinators run or while all of them are down. */
function loseRecords({ world, nats, coordinators }: Cluster): void {
  if (world.chance(0.5)) for (const { process } of [...coordinators]) process.kill("power is off");
  nats.loseRecords(1 + world.random.integer(LOST_MAX));
}

function disturbClocks({ world, coordinators, trainers }: Cluster): void {
  for (const { process } of [...coordinators, ...trainers]) {
    if (world.chance(world.faults.clockJump)) process.jumpWallClock((2 * world.random.uniform() - 1) * HOUR_MS);
  }
}

function upTo(world: World, ms: number): number {
  return world.random.uniform() * ms;
}
