import type { Cordons } from "../../core/cordon/cordons.js";
import type { CordonStore, StoredCordons } from "../../shell/running/cordon-register.js";

/** A CordonStore in memory. */
export class MemoryCordonStore implements CordonStore {
  #stored: StoredCordons = { cordons: [], revision: 0 };

  async read(): Promise<StoredCordons> {
    return this.#stored;
  }

  async write(cordons: Cordons, after: number): Promise<number | undefined> {
    if (this.#stored.revision !== after) return undefined;
    this.#stored = { cordons, revision: after + 1 };
    return this.#stored.revision;
  }
}
