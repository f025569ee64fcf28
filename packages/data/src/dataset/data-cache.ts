import type { Examples } from "@sintonia/training/dataset/examples";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { type OpenOptions, openFileDataSet } from "./open-file-data-set.js";
import type { PreparedData } from "./prepared-data.js";
import type { PathOf } from "./tables.js";

/** Memory of the data that a cache keeps beside the last opened: 1 GiB. */
const BYTES_MAX = 2 ** 30;

/** Opened data sets by plan and content, so that the next trial of a study starts at once. */
export class DataCache {
  /** In the order of their last use. */
  readonly #opened = new Map<string, PreparedData>();
  readonly #bytesMax: number;

  constructor(bytesMax = BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /**
   * Opens a data set, or returns it as it was opened before. A plan without the hashes of its files
   * is read each time.
   *
   * @throws {DataError}
   */
  async open(plan: FileDataSet, pathOf: PathOf, options: OpenOptions = {}): Promise<PreparedData> {
    if (plan.files === undefined) return openFileDataSet(plan, pathOf, options);
    const key = JSON.stringify([plan, options.fold ?? 0, options.splits]);
    const data = this.#opened.get(key) ?? (await this.#read(plan, pathOf, options));
    this.#opened.delete(key);
    this.#opened.set(key, data);
    return data;
  }

  /** Makes room before it reads, by the sizes of the files: both data sets may not fit at once. */
  async #read(plan: FileDataSet, pathOf: PathOf, options: OpenOptions): Promise<PreparedData> {
    const expected = Object.values(plan.files ?? {}).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let held = [...this.#opened.values()].reduce((sum, data) => sum + bytesOf(data), 0);
    for (const [key, data] of this.#opened) {
      if (held + expected <= this.#bytesMax) break;
      this.#opened.delete(key);
      held -= bytesOf(data);
    }
    return openFileDataSet(plan, pathOf, options);
  }
}

function bytesOf({ train, validation, test }: PreparedData): number {
  const sizeOf = (examples: Examples | undefined) => examples?.inputs.byteLength ?? 0;
  return sizeOf(train) + sizeOf(validation) + sizeOf(test);
}
