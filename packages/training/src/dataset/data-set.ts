import type { DataSetName, RowRange } from "@sintonia/tuning/plan/training-plan";
import { DATA_SETS, type DataSetDescription, type SplitFiles } from "./catalog.js";
import { type Examples, rowsOf } from "./examples.js";
import { type DataSetSource, type LocationOptions, locateFiles } from "./location.js";
import { readExamples } from "./read-split.js";

/**
 * A data set whose files are there. A split is read, checked and decoded when first asked for and then shared: all
 * examples are views of the same memory and must not be written to. Asking again after an error reads again.
 */
export interface DataSet {
  readonly name: DataSetName;
  /** For logs. */
  readonly source: DataSetSource;
  /**
   * Rows of the training file to train on. Opens no file of the test split.
   * @throws {DataSetError}
   */
  train(rows: RowRange): Promise<Examples>;
  /**
   * Rows of the training file to validate on. Opens no file of the test split.
   * @throws {DataSetError}
   */
  validation(rows: RowRange): Promise<Examples>;
  /**
   * The whole test split, for the final evaluation and nothing else. The only reader of its files; opens no other.
   * @throws {DataSetError}
   */
  test(): Promise<Examples>;
}

export interface DataSetOptions extends LocationOptions {
  /** Other places than the usual ones, for example a mirror. @default those of the catalog */
  readonly sources?: Partial<Pick<DataSetDescription, "packages" | "downloadUrl">> | undefined;
}

/**
 * Finds the files of a data set, or fetches them.
 *
 * @see locateFiles for the order of the places and the errors
 */
export function openDataSet(name: DataSetName, options: DataSetOptions): Promise<DataSet> {
  return openDescribed({ ...DATA_SETS[name], ...options.sources }, options);
}

/** As `openDataSet`, for files that the catalog does not know. */
export async function openDescribed(description: DataSetDescription, options: LocationOptions): Promise<DataSet> {
  const { source, pathOf } = await locateFiles(description, options);
  const read = (split: SplitFiles) => shared(() => readExamples(split, description.classes, pathOf));
  const readTrain = read(description.train);
  const readTest = read(description.test);
  const trainRows = async (rows: RowRange) => rowsOf(await readTrain(), rows, description.name);
  return { name: description.name, source, train: trainRows, validation: trainRows, test: readTest };
}

/** Calls `load` once and shares its result; a failure is forgotten. */
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
