import { createHash, randomUUID } from "node:crypto";
import { statSync, unlinkSync } from "node:fs";
import { access, constants, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { SHA256, type Sha256 } from "@sintonia/protocol/names";
import { makeFolder } from "@sintonia/runtime/file/folders";
import {
  type ArtifactKey,
  ArtifactMismatchError,
  ArtifactMissingError,
  type ArtifactStore,
  type Collected,
  isIntact,
} from "../../ports/artifact-store.js";
import { readChunks, writeDraft } from "./draft.js";
import { codeOf, guarded, syncFolder } from "./files.js";

/**
 * An ArtifactStore in a folder that one process owns. An artifact is the file `<first two
 * digits>/<checksum>`. A file is in `unfinished/` until it is complete.
 */
export class FilesystemArtifactStore implements ArtifactStore {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens a store. Creates its folder if it is missing, and deletes unfinished files of an earlier
   * process.
   *
   * @throws {StoreUnavailableError} if the folder is not writable
   */
  static async open(folder: string): Promise<FilesystemArtifactStore> {
    const unfinished = path.join(folder, "unfinished");
    return await guarded(folder, async () => {
      await makeFolder(unfinished);
      await access(unfinished, constants.W_OK);
      for (const name of await readdir(unfinished)) await rm(path.join(unfinished, name));
      return new FilesystemArtifactStore(folder);
    });
  }

  /** Returns a store for reading only. Neither creates nor deletes anything. */
  static forReading(folder: string): Pick<ArtifactStore, "open"> {
    return new FilesystemArtifactStore(folder);
  }

  async put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey): Promise<void> {
    if ((await isIntact(this, key)) && (await this.touch(key.sha256))) return;
    const unfinished = path.join(this.#folder, "unfinished", randomUUID());
    try {
      await writeDraft(unfinished, chunks, key);
      await this.adopt(unfinished, key.sha256);
    } catch (error) {
      // Ignored: the next open deletes the file.
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async *open(sha256: Sha256): AsyncIterable<Uint8Array> {
    const file = this.fileOf(sha256);
    if ((await this.sizeOf(sha256)) === undefined)
      throw new ArtifactMissingError(`artifact ${sha256} is not stored in ${this.#folder}`);
    const handle = await guarded(file, () => open(file, "r"));
    try {
      const hash = createHash("sha256");
      for await (const chunk of readChunks(handle, file)) {
        hash.update(chunk);
        yield chunk;
      }
      if (hash.digest("hex") !== sha256)
        throw new ArtifactMismatchError(`${file} was changed or truncated since it was stored`);
    } finally {
      await handle.close();
    }
  }

  async sizeOf(sha256: Sha256): Promise<number | undefined> {
    const file = this.fileOf(sha256);
    return await guarded(file, async () => {
      try {
        return (await stat(file)).size;
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      }
    });
  }

  async delete(sha256: Sha256): Promise<void> {
    const file = this.fileOf(sha256);
    await guarded(file, () => rm(file, { force: true }));
  }

  async collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    let [count, sizeBytes] = [0, 0];
    for (const sha256 of candidates) {
      const file = this.fileOf(sha256);
      const size = await guarded(file, async () => deleteOlder(file, before));
      if (size === undefined) continue;
      count += 1;
      sizeBytes += size;
    }
    return { count, sizeBytes };
  }

  async list(): Promise<readonly Sha256[]> {
    const names = await guarded(this.#folder, () => readdir(this.#folder, { recursive: true }));
    return names.flatMap((name) => SHA256.parse(path.basename(name)) ?? []).sort();
  }

  /** Moves a complete and checked file of the same file system into the store. */
  async adopt(draft: string, sha256: Sha256): Promise<void> {
    const file = this.fileOf(sha256);
    await guarded(file, async () => {
      await makeFolder(path.dirname(file));
      await rename(draft, file);
      await syncFolder(path.dirname(file));
    });
  }

  /** Notes that somebody has put an artifact again. Returns false if it is deleted. */
  async touch(sha256: Sha256): Promise<boolean> {
    const file = this.fileOf(sha256);
    const now = new Date();
    return await guarded(file, async () => {
      try {
        await utimes(file, now, now);
        return true;
      } catch (error) {
        if (codeOf(error) === "ENOENT") return false;
        throw error;
      }
    });
  }

  /** Returns the path of an artifact that is stored. Its bytes may be read, never written. */
  fileOf(sha256: Sha256): string {
    return path.join(this.#folder, sha256.slice(0, 2), sha256);
  }
}

/**
 * Deletes a file that has not been written or touched since an instant. Nothing can happen to the
 * file in between: both steps are one turn of the event loop of the only process.
 *
 * @returns the size of the deleted file; undefined if it stays or is missing
 */
function deleteOlder(file: string, before: number): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || found.mtimeMs >= before) return undefined;
  unlinkSync(file);
  return found.size;
}
