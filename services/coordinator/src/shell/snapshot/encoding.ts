// A snapshot as lines of JSON: the head of the log, the study without its trials, each trial, and
// the SHA-256 of all lines before. Packed measurements are the bytes of their numbers in base64.

import { createHash, type Hash } from "node:crypto";
import { endianness } from "node:os";
import { messageOf } from "@sintonia/runtime/errors";
import { PackedMeasurements } from "../../core/measurements/packed.js";
import type { Study, Trial } from "../../core/state/study.js";
import type { ChainHead } from "../study/journal.js";

/**
 * Version of the state in a snapshot. Raise it with every change to `core/state` after which the
 * same log gives another state: `recorded-state.test.ts` says when. Snapshots of other versions are
 * ignored.
 */
export const SNAPSHOT_VERSION = 7;

/** Lines are joined up to this size, so that a write is worth its turn of the event loop. */
const CHUNK_BYTES = 128 * 1024;

/** The state of a study after a record of its log. */
export interface Snapshot {
  readonly study: Study;
  /** The record. */
  readonly head: ChainHead;
}

/** A snapshot that cannot be used. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** Encodes a snapshot step by step. */
export function* encodeSnapshot({ study, head }: Snapshot): Generator<Buffer> {
  const hash = createHash("sha256");
  let lines: string[] = [];
  let size = 0;
  for (const value of contentOf(study, head)) {
    const line = `${JSON.stringify(value)}\n`;
    hash.update(line);
    lines.push(line);
    size += line.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.from(lines.join(""));
    lines = [];
    size = 0;
  }
  yield Buffer.from(`${lines.join("")}${JSON.stringify({ sha256: hash.digest("hex") })}\n`);
}

function* contentOf(study: Study, head: ChainHead): Generator<object> {
  const { id: studyId, trials } = study;
  yield { version: SNAPSHOT_VERSION, studyId, ...head, trials: trials.length, numbers: endianness() };
  yield { ...study, trials: [] };
  for (const trial of trials) yield encodedTrial(trial);
}

/** A trial whose measurements are text if they are packed. */
type EncodedTrial = Omit<Trial, "measurements"> & {
  readonly measurements: Trial["measurements"] | { readonly names: readonly string[]; readonly base64: string };
};

function encodedTrial(trial: Trial): EncodedTrial {
  const { measurements } = trial;
  if (!(measurements instanceof PackedMeasurements)) return trial;
  const { names, numbers } = measurements;
  const base64 = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString("base64");
  return { ...trial, measurements: { names, base64 } };
}

function decodedTrial(trial: EncodedTrial): Trial {
  const { measurements } = trial;
  if (!("base64" in measurements)) return trial as Trial;
  const { names, base64 } = measurements;
  const numbers = new Float64Array(Buffer.byteLength(base64, "base64") / Float64Array.BYTES_PER_ELEMENT);
  Buffer.from(numbers.buffer).write(base64, "base64");
  return { ...trial, measurements: new PackedMeasurements(names, numbers) };
}

interface Header extends ChainHead {
  readonly version: number;
  readonly studyId: string;
  /** Number of trials. */
  readonly trials: number;
  /** Order of the bytes of packed numbers. */
  readonly numbers: string;
}

/**
 * Decodes a snapshot.
 *
 * @returns undefined if there are no lines
 * @throws {SnapshotError} if the snapshot is not whole, of another study or of another version
 */
export async function decodeSnapshot(lines: AsyncIterable<Uint8Array>, studyId: string): Promise<Snapshot | undefined> {
  const decoder = new Decoder(studyId);
  for await (const line of lines) decoder.take(line);
  return decoder.end();
}

class Decoder {
  readonly #studyId: string;
  readonly #hash: Hash = createHash("sha256");
  readonly #trials: Trial[] = [];
  #header: Header | undefined;
  #study: Study | undefined;
  #sha256: string | undefined;

  constructor(studyId: string) {
    this.#studyId = studyId;
  }

  take(line: Uint8Array): void {
    if (this.#sha256 !== undefined) throw new SnapshotError("It has bytes after its end.");
    const value = parsed(line);
    if (this.#header !== undefined && this.#trials.length === this.#header.trials && this.#study !== undefined) {
      this.#sha256 = (value as { readonly sha256?: string }).sha256 ?? "";
      return;
    }
    this.#hash.update(line).update("\n");
    if (this.#header === undefined) this.#header = this.#checkedHeader(value as Header);
    else if (this.#study === undefined) this.#study = value as Study;
    else this.#trials.push(decodedTrial(value as EncodedTrial));
  }

  end(): Snapshot | undefined {
    if (this.#header === undefined) return undefined;
    if (this.#sha256 === undefined || this.#study === undefined) throw new SnapshotError("Its end is missing.");
    if (this.#sha256 !== this.#hash.digest("hex")) throw new SnapshotError("Its bytes do not match its checksum.");
    const { revision, sequence, digest } = this.#header;
    return { study: { ...this.#study, trials: this.#trials }, head: { revision, sequence, digest } };
  }

  #checkedHeader(header: Header): Header {
    const { version, studyId, numbers } = header;
    if (version !== SNAPSHOT_VERSION) {
      throw new SnapshotError(`It has version ${version}, this coordinator reads ${SNAPSHOT_VERSION}.`);
    }
    if (studyId !== this.#studyId) throw new SnapshotError("It is of another study.");
    if (numbers !== endianness()) throw new SnapshotError("A machine with another order of bytes wrote it.");
    return header;
  }
}

function parsed(line: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString());
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    throw new SnapshotError(`A line is not JSON: ${messageOf(error)}`, { cause: error });
  }
  throw new SnapshotError("A line is no object.");
}
