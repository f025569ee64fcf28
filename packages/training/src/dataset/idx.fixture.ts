// Small data sets as real IDX files.

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type DataSetDescription, filesOf, type IdxFile, type SplitFiles } from "./catalog.js";

/** Encodes values as an IDX file of unsigned bytes. */
export function encodeIdx(dimensions: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dimensions.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 | dimensions.length);
  for (const [i, size] of dimensions.entries()) view.setUint32(4 + 4 * i, size);
  bytes.set(values, bytes.length - values.length);
  return bytes;
}

/** A small data set: its files and their description. */
export interface IdxFixture {
  readonly description: DataSetDescription;
  /** Uncompressed content by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Creates a data set of 2 x 3 pixels: byte b of image i is (7 · i + b) mod 256, label i is i mod
 * 10.
 *
 * @param labels - labels of the training split. @default i mod 10
 */
export function createIdxFixture(counts: { train: number; test: number }, labels?: Uint8Array): IdxFixture {
  const files = new Map<string, Uint8Array>();
  const add = (name: string, dimensions: readonly number[], values: Uint8Array): IdxFile => {
    const content = encodeIdx(dimensions, values);
    files.set(name, content);
    return { name, dimensions, sha256: createHash("sha256").update(content).digest("hex") };
  };
  const addSplit = (prefix: string, count: number, splitLabels?: Uint8Array): SplitFiles => ({
    images: add(
      `${prefix}-images`,
      [count, 2, 3],
      fill(6 * count, (i) => 7 * Math.floor(i / 6) + (i % 6)),
    ),
    labels: add(`${prefix}-labels`, [count], splitLabels ?? fill(count, (i) => i % 10)),
  });
  const train = addSplit("train", counts.train, labels);
  const test = addSplit("test", counts.test);
  const downloadUrl = "https://data.example/mnist/";
  return { description: { name: "mnist", classes: 10, train, test, packages: [], downloadUrl }, files };
}

/** Writes all files of a fixture into a folder, and creates the folder if it is missing. */
export async function writeIdxFixture(fixture: IdxFixture, folder: string, gzip = false): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name } of filesOf(fixture.description)) {
    const content = fixture.files.get(name) as Uint8Array;
    await writeFile(join(folder, gzip ? `${name}.gz` : name), gzip ? gzipSync(content) : content);
  }
}

function fill(length: number, value: (i: number) => number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => value(i));
}
