import type { FileRef } from "@sintonia/protocol/file";
import type { Sha256 } from "@sintonia/protocol/names";
import { type Clock, systemClock } from "@sintonia/runtime/clock";
import { ArtifactMismatchError, type Collected } from "../../ports/artifact-store.js";
import { bytesFrom, type FileStore, OffsetError, requireWithin } from "../../ports/file-store.js";
import { MemoryArtifactStore } from "./artifact-store.js";

/** A FileStore in memory. */
export class MemoryFileStore implements FileStore {
  readonly #files: MemoryArtifactStore;
  readonly #partial = new Map<Sha256, Buffer>();

  constructor(clock: Pick<Clock, "wallTime"> = systemClock) {
    this.#files = new MemoryArtifactStore(clock);
  }

  async put(chunks: AsyncIterable<Uint8Array>, file: FileRef, offset: number): Promise<void> {
    if ((await this.sizeOf(file.sha256)) !== undefined) return;
    const kept = this.#partial.get(file.sha256) ?? Buffer.alloc(0);
    if (kept.length < offset) throw new OffsetError(`only ${kept.length} bytes are here, none at ${offset}`);
    const parts: Uint8Array[] = [kept.subarray(0, offset)];
    if (offset > 0) this.#partial.delete(file.sha256);
    try {
      await this.#files.put(recorded(chunks, parts), file);
    } catch (error) {
      if (!(error instanceof ArtifactMismatchError)) this.#keep(file.sha256, Buffer.concat(parts));
      throw error;
    }
    this.#partial.delete(file.sha256);
  }

  async receivedBytes(sha256: Sha256): Promise<number> {
    return this.#partial.get(sha256)?.length ?? 0;
  }

  async *open(sha256: Sha256, offset: number): AsyncIterable<Uint8Array> {
    requireWithin(sha256, (await this.sizeOf(sha256)) ?? offset, offset);
    yield* bytesFrom(this.#files.open(sha256), offset);
  }

  sizeOf(sha256: Sha256): Promise<number | undefined> {
    return this.#files.sizeOf(sha256);
  }

  collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    return this.#files.collect(candidates, before);
  }

  async deleteOldUploads(): Promise<void> {}

  list(): Promise<readonly Sha256[]> {
    return this.#files.list();
  }

  #keep(sha256: Sha256, bytes: Buffer): void {
    if (bytes.length > (this.#partial.get(sha256)?.length ?? 0)) this.#partial.set(sha256, bytes);
  }
}

/** Yields the parts that are there, then the chunks, which become parts. */
async function* recorded(chunks: AsyncIterable<Uint8Array>, parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* [...parts];
  for await (const chunk of chunks) {
    parts.push(chunk);
    yield chunk;
  }
}
