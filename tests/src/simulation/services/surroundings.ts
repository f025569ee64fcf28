import type { Reaping } from "../checks/reaping.js";
import type { Renewals } from "../checks/renewals.js";
import type { Truth } from "../checks/truth.js";
import type { Server } from "../network/network.js";
import type { Disk } from "../store/disk.js";
import type { NatsServer } from "../store/nats-server.js";
import type { World } from "../world/world.js";

/** What each process of a cluster reaches, and what observes it. */
export interface Surroundings {
  readonly world: World;
  readonly nats: NatsServer;
  readonly disk: Disk;
  readonly truth: Truth;
  readonly renewals: Renewals;
  readonly reaping: Reaping;
  /** Returns one of the coordinators that answer; undefined if none does. */
  anyCoordinator(): Server | undefined;
  /** Notes that a process has evaluated weights on the test split. */
  noteEvaluation(process: string, sha256: string): void;
}
