import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Sha256, STUDY_ID, TRIAL_ID } from "@sintonia/protocol/names";
import { makeFolder } from "@sintonia/runtime/file/folders";
import type { ArtifactKey, Collected } from "../../ports/artifact-store.js";
import {
  type CheckpointOwner,
  type CheckpointStore,
  requireOwner,
  type StoredOwner,
} from "../../ports/checkpoint-store.js";
import { FilesystemArtifactStore } from "./artifact-store.js";
import { codeOf, guarded } from "./files.js";

/** Folder of the owners' files within the folder of the store. */
const OWNERS = "owners";

/**
 * A CheckpointStore in a folder that one process owns. The bytes are in a FilesystemArtifactStore;
 * the file `owners/<checksum>.txt` has the study's and the trial's id.
 */
export class FilesystemCheckpointStore implements CheckpointStore {
  readonly #folder: string;
  readonly #bytes: FilesystemArtifactStore;

  private constructor(folder: string, bytes: FilesystemArtifactStore) {
    this.#folder = folder;
    this.#bytes = bytes;
  }

  /**
   * Opens a store, as `FilesystemArtifactStore.open`.
   *
   * @throws {StoreUnavailableError} if the folder is not writable
   */
  static async open(folder: string): Promise<FilesystemCheckpointStore> {
    const bytes = await FilesystemArtifactStore.open(folder);
    await guarded(folder, () => makeFolder(path.join(folder, OWNERS)));
    return new FilesystemCheckpointStore(folder, bytes);
  }

  async put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey, owner: CheckpointOwner): Promise<void> {
    requireOwner(key.sha256, await this.ownerOf(key.sha256), owner);
    await this.#bytes.put(chunks, key);
    await this.#writeOwner(key.sha256, owner);
  }

  open(sha256: Sha256): AsyncIterable<Uint8Array> {
    return this.#bytes.open(sha256);
  }

  sizeOf(sha256: Sha256): Promise<number | undefined> {
    return this.#bytes.sizeOf(sha256);
  }

  async ownerOf(sha256: Sha256): Promise<CheckpointOwner | undefined> {
    const file = this.#ownerFile(sha256);
    return await guarded(file, async () => {
      try {
        return parseOwner(await readFile(file, "utf8"));
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      }
    });
  }

  async delete(sha256: Sha256): Promise<void> {
    await this.#bytes.delete(sha256);
    const file = this.#ownerFile(sha256);
    await guarded(file, () => rm(file, { force: true }));
  }

  async collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    let [count, sizeBytes] = [0, 0];
    for (const sha256 of candidates) {
      const collected = await this.#bytes.collect([sha256], before);
      if (collected.count === 0) continue;
      const file = this.#ownerFile(sha256);
      await guarded(file, () => rm(file, { force: true }));
      count += collected.count;
      sizeBytes += collected.sizeBytes;
    }
    return { count, sizeBytes };
  }

  async list(): Promise<readonly StoredOwner[]> {
    const checksums = await this.#bytes.list();
    const stored: StoredOwner[] = [];
    for (const sha256 of checksums) stored.push({ sha256, owner: await this.ownerOf(sha256) });
    return stored;
  }

  /** Writes the owner's file in one step, so that a reader never sees a part. */
  async #writeOwner(sha256: Sha256, { studyId, trialId }: CheckpointOwner): Promise<void> {
    const file = this.#ownerFile(sha256);
    const draft = path.join(this.#folder, "unfinished", randomUUID());
    await guarded(file, async () => {
      await writeFile(draft, `${studyId}/${trialId}\n`);
      await rename(draft, file);
    });
  }

  #ownerFile(sha256: Sha256): string {
    return path.join(this.#folder, OWNERS, `${sha256}.txt`);
  }
}

/** Parses an owner's file; undefined if it is damaged, so that nobody owns the checkpoint. */
function parseOwner(text: string): CheckpointOwner | undefined {
  const [study = "", trial = ""] = text.trimEnd().split("/");
  const studyId = STUDY_ID.parse(study);
  const trialId = TRIAL_ID.parse(trial);
  return studyId === undefined || trialId === undefined ? undefined : { studyId, trialId };
}
