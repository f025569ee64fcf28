import type { FileRef } from "@sintonia/protocol/file";
import type { Sha256 } from "@sintonia/protocol/names";
import { type Clock, systemClock } from "@sintonia/runtime/clock";
import { ArtifactMismatchError, type Collected } from "../../ports/artifact-store.js";
import { bytesFrom, type FileStore, requireWithin } from "../../ports/file-store.js";
import type { ObjectArtifactStore } from "./artifact-store.js";

/** Age at which the rest of a dead process is deleted: a day, as for broken uploads. */
const UNFINISHED_AGE_MS = 24 * 3_600_000;

/**
 * A FileStore in a shared store of objects. An upload goes into a store of this machine first,
 * where a broken one continues, and from there as a whole into the shared store. A coordinator that
 * takes over has no bytes of broken uploads, so that these begin again.
 */
export class ObjectFileStore implements FileStore {
  readonly #shared: ObjectArtifactStore;
  readonly #uploads: FileStore;
  readonly #clock: Pick<Clock, "wallTime">;
  /** Moves into the shared store under way. */
  readonly #moves = new Map<Sha256, Promise<void>>();

  /** @param uploads - a store of this process alone, which keeps no file for long */
  constructor(shared: ObjectArtifactStore, uploads: FileStore, clock: Pick<Clock, "wallTime"> = systemClock) {
    this.#shared = shared;
    this.#uploads = uploads;
    this.#clock = clock;
  }

  async put(chunks: AsyncIterable<Uint8Array>, file: FileRef, offset: number): Promise<void> {
    const { sha256, sizeBytes } = file;
    if ((await this.sizeOf(sha256)) === sizeBytes && (await this.#shared.touch(sha256))) return;
    await this.#uploads.put(chunks, file, offset);
    await this.#moves.get(sha256)?.catch(() => undefined);
    const move = this.#moves.get(sha256) ?? this.#move(file).finally(() => this.#moves.delete(sha256));
    this.#moves.set(sha256, move);
    await move;
  }

  receivedBytes(sha256: Sha256): Promise<number> {
    return this.#uploads.receivedBytes(sha256);
  }

  async deleteOldUploads(): Promise<void> {
    const before = this.#clock.wallTime().getTime() - UNFINISHED_AGE_MS;
    await this.#uploads.deleteOldUploads();
    await this.#uploads.collect(await this.#uploads.list(), before);
    await this.#shared.deleteUnfinished(before);
  }

  async *open(sha256: Sha256, offset: number): AsyncIterable<Uint8Array> {
    requireWithin(sha256, (await this.sizeOf(sha256)) ?? offset, offset);
    try {
      yield* bytesFrom(this.#shared.open(sha256), offset);
    } catch (error) {
      if (error instanceof ArtifactMismatchError) await this.#shared.delete(sha256);
      throw error;
    }
  }

  sizeOf(sha256: Sha256): Promise<number | undefined> {
    return this.#shared.sizeOf(sha256);
  }

  collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    return this.#shared.collect(candidates, before);
  }

  list(): Promise<readonly Sha256[]> {
    return this.#shared.list();
  }

  /** Moves a file into the shared store. After a fault, a repeat of the upload moves it. */
  async #move(file: FileRef): Promise<void> {
    await this.#shared.put(this.#uploads.open(file.sha256, 0), file);
    await this.#uploads.collect([file.sha256], Number.POSITIVE_INFINITY);
  }
}
