import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { STUDY_ID } from "@sintonia/protocol/names";
import { makeFolder } from "@sintonia/runtime/file/folders";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import type { SnapshotStore } from "../../../shell/snapshot/snapshot-store.js";
import { codeOf, guarded } from "../files.js";
import { splitLines } from "./lines.js";

const SUFFIX = ".snapshot";
const DRAFT_SUFFIX = ".draft";

/** A SnapshotStore in a folder: one file for each study. */
export class FilesystemSnapshotStore implements SnapshotStore {
  readonly #folder: string;
  readonly #isLeading: () => boolean;

  private constructor(folder: string, isLeading: () => boolean) {
    this.#folder = folder;
    this.#isLeading = isLeading;
  }

  /**
   * Opens the store. Creates its folder if it is missing, and deletes what broken writes have left.
   *
   * @param isLeading - tells whether this coordinator leads; only a leader writes
   * @throws {StoreUnavailableError}
   */
  static async open(folder: string, isLeading: () => boolean): Promise<FilesystemSnapshotStore> {
    await guarded(folder, async () => {
      await makeFolder(folder);
      const drafts = (await readdir(folder)).filter((name) => name.endsWith(DRAFT_SUFFIX));
      for (const draft of drafts) await rm(path.join(folder, draft), { force: true });
    });
    return new FilesystemSnapshotStore(folder, isLeading);
  }

  async write(studyId: string, chunks: Iterable<Uint8Array>): Promise<void> {
    const file = this.#fileOf(studyId);
    const draft = `${file}.${randomUUID()}${DRAFT_SUFFIX}`;
    await guarded(file, async () => {
      try {
        await writeFile(draft, chunks);
        // Another coordinator may have deleted the study, and its snapshot with it.
        if (!this.#isLeading()) throw new StoreUnavailableError("the leadership of this coordinator is not confirmed");
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined);
        throw error;
      }
    });
  }

  async *read(studyId: string): AsyncIterable<Uint8Array> {
    if (STUDY_ID.parse(studyId) === undefined) return;
    const file = this.#fileOf(studyId);
    try {
      yield* splitLines(createReadStream(file));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return;
      if (codeOf(error) === undefined) throw error;
      throw new StoreUnavailableError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
    }
  }

  async delete(studyId: string): Promise<void> {
    const file = this.#fileOf(studyId);
    await guarded(file, () => rm(file, { force: true }));
  }

  #fileOf(studyId: string): string {
    return path.join(this.#folder, `${STUDY_ID.parse(studyId) ?? ""}${SUFFIX}`);
  }
}

/** Writes a file durably. Each chunk is computed after the one before is written. */
async function writeFile(file: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const handle = await open(file, "wx");
  try {
    for (const chunk of chunks) await handle.writeFile(chunk);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
