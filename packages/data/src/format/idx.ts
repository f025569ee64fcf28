import { labelsPathOf } from "@sintonia/tuning/plan/data-set/file-data-set";
import { contentError } from "../error/data-error.js";
import { openBytes } from "../source/byte-source.js";
import type { DataFile, Progress } from "../source/data-file.js";
import { Filler } from "../source/fill.js";
import type { Column, NumberArray } from "../table/table.js";
import type { Reader } from "./contract/format.js";
import { columnOfArray } from "./numpy/npy-array.js";

/** The names of the columns of an IDX file and of the labels beside it. */
const IMAGES = "images";
const LABELS = "labels";

/**
 * Reads images, and the labels of the file beside it by MNIST's convention of names. The columns
 * are `images` and `labels`.
 */
export const readIdx: Reader = async (file, options) => {
  const labelsName = labelsPathOf(file.name);
  if (labelsName === undefined) {
    const convention = "train-images-idx3-ubyte and train-labels-idx1-ubyte";
    throw contentError(
      { file: file.name },
      `expected a name such as ${convention}, for the labels are in a file of their own`,
    );
  }
  const names = [IMAGES, LABELS];
  options.onNames(names);
  const images = await readArray(file, (share) => options.onProgress(share * 0.9));
  const labels = await readArray(options.fileOf(labelsName), (share) => options.onProgress(0.9 + share * 0.1));
  const count = images.shape[0] ?? 0;
  if (count === 0) throw contentError({ file: file.name }, "the file has no rows");
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw contentError({ file: labelsName }, `expected ${count} labels, found shape (${labels.shape.join(", ")})`);
  }
  const columns = new Map<string, Column>();
  const add = (name: string, array: IdxArray) => {
    if (options.use(name) !== "skip")
      columns.set(name, columnOfArray(name, { ...array, type: ANY }, { file: file.name }));
  };
  add(IMAGES, images);
  add(LABELS, labels);
  return { file: file.name, count, names, columns, rowName: (row) => `row ${row + 1}` };
};

const ANY = { kind: "f", bigEndian: true, size: 1 } as const;

interface IdxArray {
  readonly shape: readonly number[];
  readonly values: NumberArray;
}

/** For each type byte: the bytes of an element and its decoder. */
const TYPES: Readonly<Record<number, readonly [size: number, decode: (bytes: Buffer<ArrayBuffer>) => NumberArray]>> = {
  8: [1, (bytes) => new Uint8Array(bytes.buffer)],
  9: [1, (bytes) => new Int8Array(bytes.buffer)],
  11: [2, (bytes) => new Int16Array(bytes.swap16().buffer)],
  12: [4, (bytes) => new Int32Array(bytes.swap32().buffer)],
  13: [4, (bytes) => new Float32Array(bytes.swap32().buffer)],
  14: [8, (bytes) => new Float64Array(bytes.swap64().buffer)],
};

async function readArray(file: DataFile, onProgress: Progress): Promise<IdxArray> {
  const place = { file: file.name };
  const source = await openBytes(file, onProgress);
  try {
    const filler = new Filler(source, place);
    const magic = Buffer.alloc(4);
    await filler.fill(magic);
    const type = TYPES[magic[2] as number];
    if (magic[0] !== 0 || magic[1] !== 0 || type === undefined) throw contentError(place, "not an IDX file");
    const [size, decode] = type;
    const sizes = Buffer.alloc(4 * (magic[3] as number));
    await filler.fill(sizes);
    const shape = Array.from({ length: magic[3] as number }, (_, axis) => sizes.readUInt32BE(4 * axis));
    const bytes = shape.reduce((product, each) => product * each, size);
    if (bytes > 2 ** 31) throw contentError(place, `the array has ${bytes} bytes, at most ${2 ** 31} are read`);
    const content = Buffer.from(new ArrayBuffer(bytes));
    await filler.fill(content);
    await filler.end();
    return { shape, values: decode(content) };
  } finally {
    await source.close();
  }
}
