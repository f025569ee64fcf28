import { readFile } from "node:fs/promises";
import type { IdxFile, SplitFiles } from "./catalog.js";
import { DataSetError, reasonOf } from "./data-set-error.js";
import type { Examples } from "./examples.js";
import { corrupt, unpackIdx } from "./idx.js";

/**
 * Pixel bytes as float32, as Keras' `x.astype("float32") / 255.0`. Division in float64 followed by
 * rounding to float32 gives the same bits, because 53 > 2 * 24 + 2.
 */
const PIXEL_VALUES = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * Reads and decodes all examples of one split.
 *
 * @param pathOf - returns the path of a file
 * @throws {DataSetError} `unreadable` or `corrupt`
 */
export async function readExamples(
  split: SplitFiles,
  classes: number,
  pathOf: (file: IdxFile) => string,
): Promise<Examples> {
  const labels = await readIdx(split.labels, pathOf(split.labels));
  checkLabels(labels, classes, pathOf(split.labels));
  const pixels = await readIdx(split.images, pathOf(split.images));
  const features = pixels.length / labels.length;
  return { count: labels.length, features, inputs: decode(pixels), targets: { kind: "classes", labels, classes } };
}

async function readIdx(file: IdxFile, path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new DataSetError("unreadable", `${path}: cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
  return unpackIdx(bytes, file, path);
}

function checkLabels(labels: Uint8Array, classes: number, where: string): void {
  const row = labels.findIndex((label) => label >= classes);
  if (row >= 0) throw corrupt(where, `labels 0 to ${classes - 1}`, `${labels[row]} in row ${row}`);
}

function decode(pixels: Uint8Array): Float32Array {
  const inputs = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) inputs[i] = PIXEL_VALUES[pixels[i] as number] as number;
  return inputs;
}
