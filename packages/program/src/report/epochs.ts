// The order of the epochs of one execution: what a line of the program means for it.

import { METRICS_MAX, type ProgramReport, type ReportLine } from "./report.js";

/**
 * Largest number of epochs of one execution. The log of a study keeps every epoch; a program that
 * measures more often reports means.
 */
export const EPOCHS_MAX = 10_000;

/** The progress of an execution. */
export interface Epochs {
  /** Number of the epoch that the next report stands for. */
  readonly next: number;
  /** Metrics that were scraped since the last complete epoch. */
  readonly pending: Readonly<Record<string, number>>;
  /**
   * The program's own number of the epoch 0, which is often 1; undefined before the first number.
   */
  readonly base?: number;
}

/** What follows from a line. */
export type LineOutcome =
  | { readonly kind: "nothing"; readonly epochs: Epochs }
  | { readonly kind: "epoch"; readonly epochs: Epochs; readonly report: ProgramReport }
  /** The message is a sentence for a person. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "infeasible"; readonly message: string };

/**
 * Returns the progress of an execution that begins.
 *
 * @param next - number of its first epoch, above 0 after a checkpoint
 */
export function startEpochs(next: number): Epochs {
  return { next, pending: {} };
}

/**
 * Decides what a line of the program means.
 *
 * @param objective - the metric that every epoch has; undefined if an epoch may have any
 */
export function takeLine(epochs: Epochs, line: ReportLine, objective: string | undefined): LineOutcome {
  switch (line.kind) {
    case "fault":
      return { kind: "failed", message: `The program ${line.message}.` };
    case "infeasible":
      return { kind: "infeasible", message: line.reason || "The program reported the values as infeasible." };
    case "report":
      return takeReport(epochs, line, objective);
    case "scraped":
      return takeScraped(epochs, line, objective);
  }
}

function takeReport(
  epochs: Epochs,
  { metrics, epoch = epochs.next, checkpoint }: Extract<ReportLine, { kind: "report" }>,
  objective: string | undefined,
): LineOutcome {
  const names = Object.keys(metrics).join(", ");
  if (names === "") return failed(`The program reported no metric in epoch ${epoch}.`);
  if (objective !== undefined && !Object.hasOwn(metrics, objective)) {
    return failed(`The program reported ${names} in epoch ${epoch}, but not ${objective}, the study's objective.`);
  }
  if (epoch !== epochs.next) return failed(outOfOrder(epoch, epochs.next));
  return completed(epochs, { epoch, metrics, checkpoint });
}

/**
 * Ends the lines of a program. The metrics that wait are an epoch, if no objective has to complete
 * it.
 */
export function takeEnd(epochs: Epochs, objective: string | undefined): LineOutcome {
  const { next, pending } = epochs;
  if (objective !== undefined || Object.keys(pending).length === 0) return { kind: "nothing", epochs };
  return completed(epochs, { epoch: next, metrics: pending, checkpoint: false });
}

/** Collects metrics until the objective is among them, which completes the epoch. */
function takeScraped(
  epochs: Epochs,
  line: Extract<ReportLine, { kind: "scraped" }>,
  objective: string | undefined,
): LineOutcome {
  const pending = merged(epochs.pending, line.metrics, objective);
  const base = epochs.base ?? (line.epoch === undefined ? undefined : line.epoch - epochs.next);
  const known: Epochs = { ...epochs, pending, ...(base === undefined ? {} : { base }) };
  if (objective === undefined || !Object.hasOwn(line.metrics, objective)) return { kind: "nothing", epochs: known };
  if (line.epoch !== undefined && base !== undefined && line.epoch - base !== epochs.next) {
    return failed(outOfOrder(line.epoch, epochs.next + base));
  }
  return completed(known, { epoch: epochs.next, metrics: pending, checkpoint: false });
}

/** Adds metrics to those that wait. Beyond the limit only the objective still finds room. */
function merged(
  pending: Readonly<Record<string, number>>,
  metrics: Readonly<Record<string, number>>,
  objective: string | undefined,
): Readonly<Record<string, number>> {
  const all: Record<string, number> = { ...pending };
  let room = METRICS_MAX - (objective === undefined ? 0 : 1) - Object.keys(pending).length;
  for (const [name, value] of Object.entries(metrics)) {
    if (name !== objective && !Object.hasOwn(all, name) && room-- <= 0) continue;
    all[name] = value;
  }
  return all;
}

function completed(epochs: Epochs, report: ProgramReport): LineOutcome {
  if (epochs.next >= EPOCHS_MAX) {
    return failed(`The program reported more than ${EPOCHS_MAX} epochs in one execution; report less often.`);
  }
  return { kind: "epoch", epochs: { ...epochs, next: epochs.next + 1, pending: {} }, report };
}

function outOfOrder(epoch: number, expected: number): string {
  return `The program reported epoch ${epoch} where epoch ${expected} was next; epochs are reported once and in order.`;
}

function failed(message: string): LineOutcome {
  return { kind: "failed", message };
}
