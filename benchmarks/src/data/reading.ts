/** One reading of a file by one process. */
export interface Reading {
  readonly version: string;
  /** Seconds until the data are ready to train, without the start of the process. */
  readonly seconds: number;
  /** Processor seconds of all threads in that time; other programs change them less. */
  readonly cpuSeconds: number;
  /** Largest resident memory of the process. */
  readonly peakBytes: number;
}
