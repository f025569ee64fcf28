/** The name of a known data set. */
export type DataSetName = "mnist" | "fashion-mnist";

/** Half-open range [start, end) of rows of the training file. */
export type RowRange = readonly [start: number, end: number];

/** A known data set and its split. */
export interface NamedDataSet {
  readonly name: DataSetName;
  /** Without validation rows an epoch measures only `loss` and `accuracy`. */
  readonly split: { readonly train: RowRange; readonly validation?: RowRange };
}
