import type { EpochPlace } from "../learning-curve/last-epoch.js";

const DIGITS = 6;

/** Returns a number for a person, with at most six significant digits. */
export function figureText(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}

/** Names an epoch for a person, who counts from 1: "epoch 13", or "epoch 13 of execution 2". */
export function epochText({ execution, epoch }: EpochPlace): string {
  return `epoch ${epoch + 1}${execution === 0 ? "" : ` of execution ${execution + 1}`}`;
}

/** Returns a number with its noun: "1 completed trial", "14 completed trials". */
export function trialsText(count: number, kind = ""): string {
  return `${count}${kind === "" ? "" : ` ${kind}`} ${count === 1 ? "trial" : "trials"}`;
}
