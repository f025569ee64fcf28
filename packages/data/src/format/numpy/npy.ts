import { contentError } from "../../error/data-error.js";
import { openBytes } from "../../source/byte-source.js";
import { Filler } from "../../source/fill.js";
import type { Column, Table } from "../../table/table.js";
import type { Reader, ReadOptions } from "../contract/format.js";
import { columnOfArray, type NpyArray, readNpyArray } from "./npy-array.js";

/** Reads one array. Its columns are named by their indices: 0, 1, ... */
export const readNpy: Reader = async (file, options) => {
  const source = await openBytes(file, options.onProgress);
  try {
    const place = { file: file.name };
    const filler = new Filler(source, place);
    const array = await readNpyArray(filler.fill, place);
    if (array.shape.length !== 2) {
      const shape = `(${array.shape.join(", ")})`;
      throw contentError(
        place,
        `expected an array of rows and columns, found shape ${shape}; save several arrays as NPZ`,
      );
    }
    await filler.end();
    return tableOf(array, file.name, options);
  } finally {
    await source.close();
  }
};

function tableOf(array: NpyArray, file: string, options: ReadOptions): Table {
  const [count = 0, width = 0] = array.shape;
  if (count === 0) throw contentError({ file }, "the array has no rows");
  const names = Array.from({ length: width }, (_, index) => String(index));
  options.onNames(names);
  const columns = new Map<string, Column>();
  names.forEach((name, index) => {
    if (options.use(name) === "skip") return;
    const values = columnOf(array.values, index, count, width);
    columns.set(name, columnOfArray(name, { shape: [count], type: array.type, values }, { file }));
  });
  return { file, count, names, columns, rowName: (row) => `row ${row + 1}` };
}

function columnOf(values: NpyArray["values"], index: number, count: number, width: number): NpyArray["values"] {
  if (!ArrayBuffer.isView(values))
    return Array.from({ length: count }, (_, row) => values[row * width + index] as string);
  const column = new Float64Array(count);
  for (let row = 0; row < count; row++) column[row] = values[row * width + index] as number;
  return column;
}
