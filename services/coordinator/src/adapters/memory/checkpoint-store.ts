import type { Sha256 } from "@sintonia/protocol/names";
import { type Clock, systemClock } from "@sintonia/runtime/clock";
import type { ArtifactKey, Collected } from "../../ports/artifact-store.js";
import {
  type CheckpointOwner,
  type CheckpointStore,
  requireOwner,
  type StoredOwner,
} from "../../ports/checkpoint-store.js";
import { MemoryArtifactStore } from "./artifact-store.js";

/** A CheckpointStore in memory. */
export class MemoryCheckpointStore implements CheckpointStore {
  readonly #bytes: MemoryArtifactStore;
  readonly #owners = new Map<Sha256, CheckpointOwner>();

  constructor(clock: Pick<Clock, "wallTime"> = systemClock) {
    this.#bytes = new MemoryArtifactStore(clock);
  }

  async put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey, owner: CheckpointOwner): Promise<void> {
    requireOwner(key.sha256, this.#owners.get(key.sha256), owner);
    await this.#bytes.put(chunks, key);
    this.#owners.set(key.sha256, owner);
  }

  open(sha256: Sha256): AsyncIterable<Uint8Array> {
    return this.#bytes.open(sha256);
  }

  sizeOf(sha256: Sha256): Promise<number | undefined> {
    return this.#bytes.sizeOf(sha256);
  }

  async ownerOf(sha256: Sha256): Promise<CheckpointOwner | undefined> {
    return this.#owners.get(sha256);
  }

  async delete(sha256: Sha256): Promise<void> {
    await this.#bytes.delete(sha256);
    this.#owners.delete(sha256);
  }

  async collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    const collected = await this.#bytes.collect(candidates, before);
    for (const sha256 of candidates) {
      if ((await this.#bytes.sizeOf(sha256)) === undefined) this.#owners.delete(sha256);
    }
    return collected;
  }

  async list(): Promise<readonly StoredOwner[]> {
    return (await this.#bytes.list()).map((sha256) => ({ sha256, owner: this.#owners.get(sha256) }));
  }
}
