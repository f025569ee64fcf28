import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { STUDY_ID, type StudyId } from "@sintonia/protocol/names";
import type { OutputPart } from "@sintonia/protocol/output";
import { appended, keptBytes } from "../../../core/output/segments.js";
import {
  OUTPUT_ATTEMPTS_MAX,
  type OutputKey,
  type OutputOwner,
  type OutputStore,
} from "../../../ports/output-store.js";
import { codeOf, guarded } from "../files.js";
import { SegmentFiles } from "./segment-files.js";

/**
 * An OutputStore in a folder that one process owns. The segments of a trial are in
 * `<study>/<trial>/`. Writes are not flushed to the disk: they survive the end of the process, but
 * not that of the machine.
 */
export class FilesystemOutputStore implements OutputStore {
  readonly #folder: string;
  /** The last append of each trial under way, whose appends follow one another. */
  readonly #tails = new Map<string, Promise<unknown>>();

  /** @param folder - made by the first append if it is missing */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async append(key: OutputKey, part: OutputPart): Promise<number> {
    const folder = this.#folderOf(key);
    const earlier = this.#tails.get(folder) ?? Promise.resolve();
    const append = earlier.then(() => guarded(folder, () => appendTo(new SegmentFiles(folder), key.attempt, part)));
    const tail = append.catch(() => undefined);
    this.#tails.set(folder, tail);
    void tail.then(() => {
      if (this.#tails.get(folder) === tail) this.#tails.delete(folder);
    });
    return await append;
  }

  async read(key: OutputKey, from: number): Promise<readonly OutputPart[]> {
    const folder = this.#folderOf(key);
    return await guarded(folder, () => readFrom(new SegmentFiles(folder), key.attempt, from));
  }

  async attempts(owner: OutputOwner): Promise<readonly number[]> {
    const folder = this.#folderOf(owner);
    return await guarded(folder, () => new SegmentFiles(folder).attempts());
  }

  async studies(): Promise<readonly StudyId[]> {
    const names = await guarded(this.#folder, () => readdir(this.#folder).catch(unlessMissing));
    return names.flatMap((name) => STUDY_ID.parse(name) ?? []);
  }

  async deleteStudy(studyId: StudyId): Promise<void> {
    const folder = path.join(this.#folder, studyId);
    await guarded(folder, () => rm(folder, { recursive: true, force: true }));
  }

  #folderOf({ studyId, trialId }: OutputOwner): string {
    return path.join(this.#folder, studyId, trialId);
  }
}

async function appendTo(files: SegmentFiles, attempt: number, part: OutputPart): Promise<number> {
  const segments = await files.segments(attempt);
  const { writes, deleted, endOffset } = appended(segments, part);
  for (const { start, bytes } of writes) await files.append(attempt, start, bytes);
  for (const start of deleted) await files.delete(attempt, start);
  if (segments.length === 0 && writes.length > 0) await deleteOldAttempts(files);
  return endOffset;
}

async function deleteOldAttempts(files: SegmentFiles): Promise<void> {
  const old = (await files.attempts()).slice(0, -OUTPUT_ATTEMPTS_MAX);
  for (const attempt of old) await files.deleteAttempt(attempt);
}

async function readFrom(files: SegmentFiles, attempt: number, from: number): Promise<readonly OutputPart[]> {
  const segments = await files.segments(attempt);
  const endOffset = segments.at(-1)?.end ?? 0;
  const parts: OutputPart[] = [];
  for (const { start, end } of segments) {
    const kept = end > from ? keptBytes(await files.read(attempt, start), endOffset, from) : undefined;
    if (kept !== undefined) parts.push(kept);
  }
  return parts;
}

function unlessMissing(error: unknown): string[] {
  if (codeOf(error) === "ENOENT") return [];
  throw error;
}
