// Copies of study logs in a folder, one file per study: its records as they are stored, one a line.

import { createReadStream, createWriteStream } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { StudyId } from "@sintonia/protocol/names";
import { type StoredRecord, StoreUnavailableError, type StudyLog } from "../../../ports/study-log.js";
import { splitLines } from "./lines.js";

const EXTENSION = ".jsonl";

/**
 * Writes the records of a study into a folder, which the caller has made.
 *
 * @throws the file system's error, or that of `records`; the file may then be incomplete
 */
export async function writeStudyCopy(
  folder: string,
  studyId: StudyId,
  records: AsyncIterable<Uint8Array>,
): Promise<void> {
  await pipeline(linesOf(records), createWriteStream(path.join(folder, `${studyId}${EXTENSION}`), { flush: true }));
}

/** The study logs of a folder that `writeStudyCopy` filled. */
export class StudyCopies implements Pick<StudyLog, "studies" | "read"> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async studies(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => unavailable(this.#folder, error));
    const files = names.filter((name) => name.endsWith(EXTENSION));
    return files.map((name) => path.basename(name, EXTENSION)).sort();
  }

  async *read(studyId: string): AsyncGenerator<StoredRecord> {
    const file = path.join(this.#folder, `${studyId}${EXTENSION}`);
    let revision = 0;
    try {
      for await (const body of splitLines(createReadStream(file))) yield { revision: ++revision, body };
    } catch (error) {
      unavailable(file, error);
    }
  }
}

async function* linesOf(records: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | string> {
  for await (const record of records) {
    yield record;
    yield "\n";
  }
}

function unavailable(file: string, error: unknown): never {
  throw new StoreUnavailableError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
}
