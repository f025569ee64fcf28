import { createHash } from "node:crypto";
import { SHA256, type Sha256 } from "@sintonia/protocol/names";
import {
  type ArtifactKey,
  ArtifactMismatchError,
  type ArtifactStore,
  type Collected,
  isIntact,
} from "../../ports/artifact-store.js";
import { checked, cut } from "./chunks.js";
import type { Objects, StoredObject } from "./objects.js";

/**
 * An ArtifactStore in a folder of a shared store of objects. Only the coordinator that leads
 * deletes and collects; within its process, a collection leaves what a put is about.
 */
export class ObjectArtifactStore implements ArtifactStore {
  readonly #objects: Objects;
  readonly #folder: string;
  /** Number of puts under way of each artifact. */
  readonly #puts = new Map<Sha256, number>();
  /** The artifacts that a collection looks at. */
  readonly #collecting = new Map<Sha256, Promise<unknown>>();

  /** @param folder - name of the folder within the store */
  constructor(objects: Objects, folder: string) {
    this.#objects = objects;
    this.#folder = folder;
  }

  /** @param label - kept with the bytes; that of stored bytes stays */
  async put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey, label?: string): Promise<void> {
    const { sha256 } = key;
    this.#puts.set(sha256, (this.#puts.get(sha256) ?? 0) + 1);
    try {
      await this.#collecting.get(sha256);
      if ((await isIntact(this, key)) && (await this.touch(sha256))) return;
      await this.#objects.put(this.#nameOf(sha256), checked(chunks, key), { ...key, label });
    } finally {
      const left = (this.#puts.get(sha256) ?? 1) - 1;
      if (left > 0) this.#puts.set(sha256, left);
      else this.#puts.delete(sha256);
    }
  }

  async *open(sha256: Sha256): AsyncIterable<Uint8Array> {
    const hash = createHash("sha256");
    for await (const chunk of cut(this.#objects.open(this.#nameOf(sha256)))) {
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest("hex") === sha256) return;
    const place = `${this.#nameOf(sha256)} in ${this.#objects.place}`;
    throw new ArtifactMismatchError(`${place} was changed or truncated since it was stored`);
  }

  async sizeOf(sha256: Sha256): Promise<number | undefined> {
    return (await this.find(sha256))?.sizeBytes;
  }

  /** Returns the facts of a stored artifact; undefined if it is not stored. */
  async find(sha256: Sha256): Promise<StoredObject | undefined> {
    return await this.#objects.find(this.#nameOf(sha256));
  }

  async delete(sha256: Sha256): Promise<void> {
    await this.#objects.delete(this.#nameOf(sha256));
  }

  async collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    let [count, sizeBytes] = [0, 0];
    for (const sha256 of candidates) {
      if (this.#puts.has(sha256)) continue;
      const deletion = this.#deleteOlder(sha256, before);
      // A put waits for the end. The fault is that of the collection.
      this.#collecting.set(
        sha256,
        deletion.catch(() => undefined),
      );
      const size = await deletion.finally(() => this.#collecting.delete(sha256));
      if (size === undefined) continue;
      count += 1;
      sizeBytes += size;
    }
    return { count, sizeBytes };
  }

  async list(): Promise<readonly Sha256[]> {
    const names = await this.#objects.list(this.#folder);
    return names.flatMap((name) => SHA256.parse(name) ?? []).sort();
  }

  /** Notes that somebody has put an artifact again. Returns false if it is deleted. */
  async touch(sha256: Sha256): Promise<boolean> {
    return await this.#objects.touch(this.#nameOf(sha256));
  }

  /** Deletes what puts of dead processes left before an instant. */
  async deleteUnfinished(before: number): Promise<void> {
    await this.#objects.deleteUnfinished(before);
  }

  /** @returns the size of the deleted artifact; undefined if it stays or is missing */
  async #deleteOlder(sha256: Sha256, before: number): Promise<number | undefined> {
    const found = await this.find(sha256);
    if (found === undefined || found.storedAt >= before) return undefined;
    await this.delete(sha256);
    return found.sizeBytes;
  }

  #nameOf(sha256: Sha256): string {
    return `${this.#folder}/${sha256}`;
  }
}
