import { type Sha256, STUDY_ID, TRIAL_ID } from "@sintonia/protocol/names";
import type { ArtifactKey, Collected } from "../../ports/artifact-store.js";
import {
  type CheckpointOwner,
  type CheckpointStore,
  requireOwner,
  type StoredOwner,
} from "../../ports/checkpoint-store.js";
import type { ObjectArtifactStore } from "./artifact-store.js";

/** Number of requests for owners at the same time. A study has two checkpoints for each trial. */
const OWNERS_AT_ONCE = 16;

/** A CheckpointStore in a shared store of objects. The label of an object names its owner. */
export class ObjectCheckpointStore implements CheckpointStore {
  readonly #bytes: ObjectArtifactStore;

  constructor(bytes: ObjectArtifactStore) {
    this.#bytes = bytes;
  }

  async put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey, owner: CheckpointOwner): Promise<void> {
    requireOwner(key.sha256, await this.ownerOf(key.sha256), owner);
    await this.#bytes.put(chunks, key, `${owner.studyId}/${owner.trialId}`);
  }

  open(sha256: Sha256): AsyncIterable<Uint8Array> {
    return this.#bytes.open(sha256);
  }

  sizeOf(sha256: Sha256): Promise<number | undefined> {
    return this.#bytes.sizeOf(sha256);
  }

  async ownerOf(sha256: Sha256): Promise<CheckpointOwner | undefined> {
    return parseOwner((await this.#bytes.find(sha256))?.label ?? "");
  }

  delete(sha256: Sha256): Promise<void> {
    return this.#bytes.delete(sha256);
  }

  collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    return this.#bytes.collect(candidates, before);
  }

  async list(): Promise<readonly StoredOwner[]> {
    const checksums = await this.#bytes.list();
    const stored: StoredOwner[] = [];
    for (let start = 0; start < checksums.length; start += OWNERS_AT_ONCE) {
      const batch = checksums.slice(start, start + OWNERS_AT_ONCE);
      stored.push(...(await Promise.all(batch.map(async (sha256) => ({ sha256, owner: await this.ownerOf(sha256) })))));
    }
    return stored;
  }
}

/** Parses a label; undefined if it names no trial, so that nobody owns the checkpoint. */
function parseOwner(label: string): CheckpointOwner | undefined {
  const [study = "", trial = ""] = label.split("/");
  const studyId = STUDY_ID.parse(study);
  const trialId = TRIAL_ID.parse(trial);
  return studyId === undefined || trialId === undefined ? undefined : { studyId, trialId };
}
