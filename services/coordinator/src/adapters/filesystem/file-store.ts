import { rm, statfs } from "node:fs/promises";
import path from "node:path";
import type { FileRef } from "@sintonia/protocol/file";
import type { Sha256 } from "@sintonia/protocol/names";
import { type Clock, systemClock } from "@sintonia/runtime/clock";
import { ArtifactMismatchError, type Collected } from "../../ports/artifact-store.js";
import { bytesFrom, type FileStore, NoRoomError, requireWithin } from "../../ports/file-store.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import { FilesystemArtifactStore } from "./artifact-store.js";
import { writeDraft } from "./draft.js";
import { guarded } from "./files.js";
import { PartialFiles } from "./partial-files.js";

/**
 * A FileStore in a folder that one process owns. The files are in a FilesystemArtifactStore; the
 * bytes of broken uploads are in `partial/`.
 */
export class FilesystemFileStore implements FileStore {
  readonly #folder: string;
  readonly #files: FilesystemArtifactStore;
  readonly #partial: PartialFiles;

  private constructor(folder: string, files: FilesystemArtifactStore, partial: PartialFiles) {
    this.#folder = folder;
    this.#files = files;
    this.#partial = partial;
  }

  /**
   * Opens a store, as `FilesystemArtifactStore.open`. Keeps the uploads that an earlier process did
   * not finish.
   *
   * @throws {StoreUnavailableError} if the folder is not writable
   */
  static async open(folder: string, clock: Pick<Clock, "wallTime"> = systemClock): Promise<FilesystemFileStore> {
    const partial = new PartialFiles(path.join(folder, "partial"), path.join(folder, "unfinished"), clock);
    await guarded(folder, () => partial.open());
    return new FilesystemFileStore(folder, await FilesystemArtifactStore.open(folder), partial);
  }

  async put(chunks: AsyncIterable<Uint8Array>, file: FileRef, offset: number): Promise<void> {
    if ((await this.sizeOf(file.sha256)) === file.sizeBytes && (await this.#files.touch(file.sha256))) return;
    await this.#partial.deleteOld();
    await requireRoom(this.#folder, file.sizeBytes - offset);
    const draft = await this.#partial.take(file.sha256, offset);
    try {
      await writeDraft(draft, chunks, file, offset);
      await this.#files.adopt(draft, file.sha256);
    } catch (error) {
      await this.#leave(draft, file.sha256, error);
      throw error;
    }
    await this.#partial.delete(file.sha256);
  }

  async receivedBytes(sha256: Sha256): Promise<number> {
    return await this.#partial.sizeOf(sha256);
  }

  async *open(sha256: Sha256, offset: number): AsyncIterable<Uint8Array> {
    requireWithin(sha256, (await this.sizeOf(sha256)) ?? offset, offset);
    try {
      yield* bytesFrom(this.#files.open(sha256), offset);
    } catch (error) {
      if (error instanceof ArtifactMismatchError) await this.#files.delete(sha256);
      throw error;
    }
  }

  /**
   * Checks the bytes of a file, as `open`, and returns its path for a reader in another thread.
   *
   * @throws {ArtifactMissingError}
   * @throws {ArtifactMismatchError}
   * @throws {StoreUnavailableError}
   */
  async checkedPath(sha256: Sha256): Promise<string> {
    for await (const _ of this.open(sha256, 0));
    return this.#files.fileOf(sha256);
  }

  sizeOf(sha256: Sha256): Promise<number | undefined> {
    return this.#files.sizeOf(sha256);
  }

  collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    return this.#files.collect(candidates, before);
  }

  deleteOldUploads(): Promise<void> {
    return this.#partial.deleteOld();
  }

  list(): Promise<readonly Sha256[]> {
    return this.#files.list();
  }

  /**
   * Keeps the draft of an upload whose sender failed. Deletes a wrong one, and one for which the
   * disk had no room: running trials need the room for checkpoints.
   */
  async #leave(draft: string, sha256: Sha256, error: unknown): Promise<void> {
    const isUseless = error instanceof ArtifactMismatchError || error instanceof StoreUnavailableError;
    // Ignored: the next open of the store deletes the draft or keeps it.
    const left = isUseless ? rm(draft, { force: true }) : this.#partial.keep(sha256, draft);
    await left.catch(() => undefined);
  }
}

/**
 * Refuses bytes for which the file system has no room, before any is written: a full disk stops the
 * checkpoints of running trials.
 */
async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await guarded(folder, () => statfs(folder));
  if (bytes <= bavail * bsize) return;
  const [needed, free] = [bytes, bavail * bsize].map((size) => Math.ceil(size / 2 ** 20));
  throw new NoRoomError(`no space left on device: the file needs ${needed} MiB, ${folder} has ${free} MiB`);
}
