// The files of the outputs of one trial: `<attempt>-<offset of the segment>`. The size of a file
// is the length of its segment, so that a write that broke off leaves a shorter segment.

import { appendFile, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { OutputPart } from "@sintonia/protocol/output";
import { makeFolder } from "@sintonia/runtime/file/folders";
import type { Segment } from "../../../core/output/segments.js";
import { codeOf } from "../files.js";

const NAME = /^([1-9]\d{0,9})-(0|[1-9]\d{0,15})$/;

/** A file of a segment, with its name as numbers. */
interface SegmentName {
  readonly attempt: number;
  readonly start: number;
}

/** The files of a trial's outputs. Its errors are those of the file system. */
export class SegmentFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the attempts that have segments, in ascending order. */
  async attempts(): Promise<readonly number[]> {
    const attempts = new Set((await this.#names()).map(({ attempt }) => attempt));
    return [...attempts].sort((a, b) => a - b);
  }

  /** Returns the segments of an attempt, ordered by their starts. */
  async segments(attempt: number): Promise<readonly Segment[]> {
    const segments = await Promise.all((await this.#startsOf(attempt)).map((start) => this.#segment(attempt, start)));
    return segments.filter((segment) => segment !== undefined);
  }

  /** Reads a segment; empty if a writer has deleted its file. */
  async read(attempt: number, start: number): Promise<OutputPart> {
    return { offset: start, bytes: (await ifPresent(readFile(this.#file(attempt, start)))) ?? Buffer.alloc(0) };
  }

  async append(attempt: number, start: number, bytes: Uint8Array): Promise<void> {
    await makeFolder(this.#folder);
    await appendFile(this.#file(attempt, start), bytes);
  }

  async delete(attempt: number, start: number): Promise<void> {
    await rm(this.#file(attempt, start), { force: true });
  }

  /** Deletes the segments of an attempt. */
  async deleteAttempt(attempt: number): Promise<void> {
    for (const start of await this.#startsOf(attempt)) await this.delete(attempt, start);
  }

  async #segment(attempt: number, start: number): Promise<Segment | undefined> {
    const size = (await ifPresent(stat(this.#file(attempt, start))))?.size;
    return size === undefined ? undefined : { start, end: start + size };
  }

  async #startsOf(attempt: number): Promise<readonly number[]> {
    const own = (await this.#names()).filter((name) => name.attempt === attempt);
    return own.map(({ start }) => start).sort((a, b) => a - b);
  }

  async #names(): Promise<readonly SegmentName[]> {
    const names = (await ifPresent(readdir(this.#folder))) ?? [];
    return names.flatMap((name) => {
      const [, attempt, start] = NAME.exec(name) ?? [];
      return attempt === undefined ? [] : [{ attempt: Number(attempt), start: Number(start) }];
    });
  }

  #file(attempt: number, start: number): string {
    return path.join(this.#folder, `${attempt}-${start}`);
  }
}

/** Awaits an access to a file or a folder; undefined if it does not exist. */
async function ifPresent<T>(access: Promise<T>): Promise<T | undefined> {
  try {
    return await access;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
