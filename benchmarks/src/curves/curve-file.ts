// A file of recorded trials: benchmarks/curves/NAME.ndjson, one trial a line, in the order of their
// numbers.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";

/** A recorded trial of one execution. */
export interface RecordedTrial {
  readonly trial: number;
  readonly values: ParameterValues;
  /** Seed of the execution. */
  readonly seed: number;
  /** Correct validation rows after each epoch. */
  readonly counts: readonly number[];
  /** Validation loss after each epoch, in units of LOSS_UNIT. */
  readonly losses: readonly number[];
  /** Learning rate of the epochs: pairs of a rate and the number of successive epochs with it. */
  readonly rates: readonly (readonly [number, number])[];
  /** Mean processor time of an epoch with its validation, in seconds. */
  readonly seconds: number;
  /** Correct test rows with the weights of the best epoch; undefined if the training diverged. */
  readonly test?: number;
}

/** Unit of the losses of a file. Four decimals suffice for curves and keep the files small. */
export const LOSS_UNIT = 1e-4;
/** Number of validation rows and of test rows of every recorded set. */
export const ROWS = 10_000;

/** Folder of the committed files. */
export const CURVES_FOLDER: string = fileURLToPath(new URL("../../curves/", import.meta.url));

/** Reads a file; an absent one has no trials. */
export function readCurves(path: string): RecordedTrial[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as RecordedTrial);
}

/** Appends a trial. One write of a whole line, so that an interrupted recording can go on. */
export function appendCurve(path: string, trial: RecordedTrial): void {
  appendFileSync(path, `${JSON.stringify(trial)}\n`);
}

/** Returns pairs of a value and its number of successive repetitions. */
export function runLengths(values: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last?.[0] === value) last[1]++;
    else runs.push([value, 1]);
  }
  return runs;
}

/** Returns the values of `runLengths`. */
export function fromRunLengths(runs: readonly (readonly [number, number])[]): number[] {
  return runs.flatMap(([value, count]) => Array.from({ length: count }, () => value));
}
