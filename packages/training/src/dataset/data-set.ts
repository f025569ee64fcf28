import type { DataSetName, RowRange } from "@sintonia/tuning/plan/training-plan";
import { DATA_SETS, type DataSetDescription, type SplitFiles } from "./catalog.js";
import { type Examples, rowsOf } from "./examples.js";
import { type DataSetSource, type LocationOptions, locateFiles } from "./location.js";
import { readExamples } from "./read-split.js";

/**
 * A data set whose files were found.
 *
 * The first request for a split reads, checks and decodes its files; later requests share the
 * result. All examples are views of the same memory, which must not be written to. After an error
 * the next request reads again.
 */
export interface DataSet {
  readonly name: DataSetName;
  /** The place of the files, for logs. */
  readonly source: DataSetSource;
  /**
   * Returns rows of the training file for training. Opens no file of the test split.
   * @throws {DataSetError}
   */
  train(rows: RowRange): Promise<Examples>;
  /**
   * Returns rows of the training file for validation. Opens no file of the test split.
   * @throws {DataSetError}
   */
  validation(rows: RowRange): Promise<Examples>;
  /**
   * Returns the whole test split, for the final evaluation only. No other method opens its files.
   * @throws {DataSetError}
   */
  test(): Promise<Examples>;
}

/** The options of `openDataSet`. */
interface DataSetOptions extends LocationOptions {
  /**
   * Sources instead of those of the catalog, for example a mirror.
   *
   * @default those of the catalog
   */
  readonly sources?: Partial<Pick<DataSetDescription, "packages" | "downloadUrl">> | undefined;
}

/**
 * Finds the files of a data set, or downloads them.
 *
 * @see locateFiles for the order of the search and the errors
 */
export function openDataSet(name: DataSetName, options: DataSetOptions): Promise<DataSet> {
  return openDescribed({ ...DATA_SETS[name], ...options.sources }, options);
}

/** Opens a data set by its description, as `openDataSet` does by its name. */
export async function openDescribed(description: DataSetDescription, options: LocationOptions): Promise<DataSet> {
  const { source, pathOf } = await locateFiles(description, options);
  const read = (split: SplitFiles) => shared(() => readExamples(split, description.classes, pathOf));
  const readTrain = read(description.train);
  const readTest = read(description.test);
  const trainRows = async (rows: RowRange) => rowsOf(await readTrain(), rows, description.name);
  return { name: description.name, source, train: trainRows, validation: trainRows, test: readTest };
}

/**
 * Returns a function that calls `load` once and shares the result. After a failure the next call
 * loads again.
 */
function shared<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
