import type { LeaderRecord, StoredLeader } from "../../core/leadership/leadership.js";
import type { LeadershipStore, LeadershipWrite } from "../../ports/leadership-store.js";

/** A LeadershipStore in memory. */
export class MemoryLeadershipStore implements LeadershipStore {
  #stored: StoredLeader | undefined;

  async read(): Promise<StoredLeader | undefined> {
    return this.#stored;
  }

  async write(record: LeaderRecord, after: number): Promise<LeadershipWrite> {
    if ((this.#stored?.revision ?? 0) !== after) return { kind: "conflict" };
    this.#stored = { record, revision: after + 1 };
    return { kind: "written", revision: after + 1 };
  }
}
