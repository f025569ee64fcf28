import { type FileFormat, formatOfName } from "@sintonia/tuning/plan/data-set/file-data-set";
import { contentError } from "../error/data-error.js";
import type { Reader } from "./contract/format.js";
import { readCsv, readTsv } from "./delimited/delimited.js";
import { readIdx } from "./idx.js";
import { readJsonLines } from "./json-lines.js";
import { readNpy } from "./numpy/npy.js";
import { readNpz } from "./numpy/npz.js";
import { readParquet } from "./parquet.js";

/** The reader of each format. */
const READERS: Readonly<Record<FileFormat, Reader>> = {
  csv: readCsv,
  tsv: readTsv,
  jsonl: readJsonLines,
  parquet: readParquet,
  npy: readNpy,
  npz: readNpz,
  idx: readIdx,
};

/**
 * Returns the reader of a file.
 *
 * @param name - path as the plan writes it; tells the format if the plan does not
 */
export function readerOf(name: string, format: FileFormat | undefined): Reader {
  const known = format ?? formatOfName(name);
  if (known !== undefined) return READERS[known];
  throw contentError({ file: name }, `the name tells no format; set format: ${Object.keys(READERS).join(" | ")}`);
}
