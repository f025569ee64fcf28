// The bytes of broken uploads, from which a later upload continues.

import { randomUUID } from "node:crypto";
import { readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { SHA256, type Sha256 } from "@sintonia/protocol/names";
import type { Clock } from "@sintonia/runtime/clock";
import { makeFolder } from "@sintonia/runtime/file/folders";
import { OffsetError } from "../../ports/file-store.js";
import { codeOf, guarded } from "./files.js";

/** Age at which a partial file is deleted: a day, in which the person who uploads comes back. */
const AGE_MAX_MS = 24 * 3_600_000;

const SUFFIX = ".part";

/**
 * A folder with one partial file for each checksum, `<checksum>.part`. An upload takes the file out
 * of the folder and works on it alone, so that two uploads of a file never write to the same bytes.
 */
export class PartialFiles {
  readonly #folder: string;
  readonly #drafts: string;
  readonly #clock: Pick<Clock, "wallTime">;

  /** @param drafts - the folder of the uploads under way, on the same file system */
  constructor(folder: string, drafts: string, clock: Pick<Clock, "wallTime">) {
    this.#folder = folder;
    this.#drafts = drafts;
    this.#clock = clock;
  }

  /**
   * Creates the folder if it is missing, and keeps the drafts of an earlier process as partial
   * files.
   */
  async open(): Promise<void> {
    await makeFolder(this.#folder);
    await makeFolder(this.#drafts);
    for (const name of await readdir(this.#drafts)) {
      const sha256 = SHA256.parse(name.split(".")[0] ?? "");
      if (sha256 !== undefined) await this.keep(sha256, path.join(this.#drafts, name));
    }
    await this.deleteOld();
  }

  /** Returns the size of a partial file; 0 if there is none. */
  async sizeOf(sha256: Sha256): Promise<number> {
    return await sizeOf(this.#fileOf(sha256));
  }

  /**
   * Takes a partial file out of the folder for an upload that continues at an offset.
   *
   * @returns the path of the draft to write to; for offset 0 of a new one
   * @throws {OffsetError} if the partial file is shorter
   */
  async take(sha256: Sha256, offset: number): Promise<string> {
    const draft = path.join(this.#drafts, `${sha256}.${randomUUID()}`);
    if (offset === 0) return draft;
    const file = this.#fileOf(sha256);
    await guarded(file, () => rename(file, draft).catch(unlessMissing));
    const size = await sizeOf(draft);
    if (size >= offset) return draft;
    await this.keep(sha256, draft);
    throw new OffsetError(`the upload of ${sha256} cannot continue at ${offset}: only ${size} bytes are here`);
  }

  /** Keeps a draft as the partial file, unless a longer one is there. */
  async keep(sha256: Sha256, draft: string): Promise<void> {
    const file = this.#fileOf(sha256);
    await guarded(file, async () => {
      if ((await sizeOf(draft)) > (await sizeOf(file))) await rename(draft, file).catch(unlessMissing);
      else await rm(draft, { force: true });
    });
  }

  /** Deletes a partial file. */
  async delete(sha256: Sha256): Promise<void> {
    const file = this.#fileOf(sha256);
    await guarded(file, () => rm(file, { force: true }));
  }

  /** Deletes the partial files to which no upload has written for a day. */
  async deleteOld(): Promise<void> {
    const oldest = this.#clock.wallTime().getTime() - AGE_MAX_MS;
    for (const name of await guarded(this.#folder, () => readdir(this.#folder))) {
      const file = path.join(this.#folder, name);
      // Ignored: an upload has just taken the file.
      const changed = await stat(file).catch(unlessMissing);
      if (changed !== undefined && changed.mtimeMs < oldest) await guarded(file, () => rm(file, { force: true }));
    }
  }

  #fileOf(sha256: Sha256): string {
    return path.join(this.#folder, `${sha256}${SUFFIX}`);
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await guarded(file, () => stat(file).catch(unlessMissing)))?.size ?? 0;
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}
