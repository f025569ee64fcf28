/** One reading of a file by one process. */
export interface Reading {
  readonly version: string;
  /** Seconds until the data are ready to train, without the start of the process. */
  readonly seconds: number;
  /** Largest resident memory of the process. */
  readonly peakBytes: number;
}
