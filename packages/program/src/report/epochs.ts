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
  /** An epoch beyond the last one: the execution is complete without it. */
  | { readonly kind: "beyond" }
  /** The message is a sentence for a person. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "infeasible"; readonly message: string };

/** What the study asks of the epochs of an execution. */
export interface EpochRules {
  /** The metric that every epoch has; undefined if an epoch may have any. */
  readonly objective: string | undefined;
  /** Number of epochs after which the execution is complete. @default the program decides */
  readonly maxEpochs?: number | undefined;
}

/**
 * Returns the progress of an execution that begins.
 *
 * @param next - number of its first epoch, above 0 after a checkpoint
 */
export function startEpochs(next: number): Epochs {
  return { next, pending: {} };
}

/** Decides what a line of the program means. */
export function takeLine(epochs: Epochs, line: ReportLine, rules: EpochRules): LineOutcome {
  switch (line.kind) {
    case "fault":
      return { kind: "failed", message: `The program ${line.message}.` };
    case "infeasible":
      return { kind: "infeasible", message: line.reason || "The program reported the values as infeasible." };
    case "report":
      return takeReport(epochs, line, rules);
    case "scraped":
      return takeScraped(epochs, line, rules);
  }
}

function takeReport(
  epochs: Epochs,
  { metrics, epoch = epochs.next, checkpoint }: Extract<ReportLine, { kind: "report" }>,
  rules: EpochRules,
): LineOutcome {
  const { objective } = rules;
  if (isBeyond(epochs, rules)) return { kind: "beyond" };
  const names = Object.keys(metrics).join(", ");
  if (names === "") return failed(`The program reported no metric in epoch ${epoch}.`);
  if (objective !== undefined && !Object.hasOwn(metrics, objective)) {
    return failed(`The program reported ${names} in epoch ${epoch}, but not ${objective}, the study's objective.`);
  }
  if (epoch !== epochs.next) return failed(outOfOrder(epoch, epochs.next));
  return completed(epochs, { epoch, metrics, checkpoint }, rules);
}

/**
 * Ends the lines of a program. The metrics that wait are an epoch, if no objective has to complete
 * it.
 */
export function takeEnd(epochs: Epochs, rules: EpochRules): LineOutcome {
  const { next, pending } = epochs;
  if (rules.objective !== undefined || Object.keys(pending).length === 0) return { kind: "nothing", epochs };
  return completed(epochs, { epoch: next, metrics: pending, checkpoint: false }, rules);
}

/** Collects metrics until the objective is among them, which completes the epoch. */
function takeScraped(epochs: Epochs, line: Extract<ReportLine, { kind: "scraped" }>, rules: EpochRules): LineOutcome {
  const { objective } = rules;
  const pending = merged(epochs.pending, line.metrics, objective);
  const base = epochs.base ?? (line.epoch === undefined ? undefined : line.epoch - epochs.next);
  const known: Epochs = { ...epochs, pending, ...(base === undefined ? {} : { base }) };
  if (objective === undefined || !Object.hasOwn(line.metrics, objective)) return { kind: "nothing", epochs: known };
  if (line.epoch !== undefined && base !== undefined && line.epoch - base !== epochs.next) {
    return failed(outOfOrder(line.epoch, epochs.next + base));
  }
  return completed(known, { epoch: epochs.next, metrics: pending, checkpoint: false }, rules);
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

function isBeyond({ next }: Epochs, { maxEpochs = Number.POSITIVE_INFINITY }: EpochRules): boolean {
  return next >= maxEpochs;
}

function completed(epochs: Epochs, report: ProgramReport, rules: EpochRules): LineOutcome {
  if (isBeyond(epochs, rules)) return { kind: "beyond" };
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
