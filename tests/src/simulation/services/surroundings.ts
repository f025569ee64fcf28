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
  /** Addresses of the coordinators. */
  readonly addresses: readonly string[];
  /** Returns the coordinator that an address reaches; undefined if none listens there. */
  coordinatorAt(address: string): Server | undefined;
  /**
   * Notes that weights were evaluated on the test split.
   *
   * @param reading - name of the term's last reading of a log, which may repeat the evaluation
   */
  noteEvaluation(reading: string, sha256: string): void;
}
