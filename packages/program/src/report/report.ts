/** One epoch that a program reports. */
export interface ProgramReport {
  /** Number of the epoch within the execution, from 0. */
  readonly epoch: number;
  /** Metrics by name. A value may be infinite or NaN. */
  readonly metrics: Readonly<Record<string, number>>;
  /** True if the checkpoint folder holds the state of this epoch. */
  readonly checkpoint: boolean;
}

/** The content of one line that a program wrote. */
export type ReportLine =
  /** A report that stands for one epoch. */
  | ({ readonly kind: "report"; readonly epoch?: number } & Omit<ProgramReport, "epoch">)
  /** Metrics of a text. The objective completes an epoch. */
  | { readonly kind: "scraped"; readonly metrics: Readonly<Record<string, number>>; readonly epoch?: number }
  | { readonly kind: "infeasible"; readonly reason: string }
  /** The line breaks the contract. The message ends the sentence "The program …". */
  | { readonly kind: "fault"; readonly message: string };

/** Largest number of metrics of one report. The coordinator's limit. */
export const METRICS_MAX = 64;

/** The accepted names of metrics. The coordinator's form. */
export const METRIC_NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;
