import type { TrialCurves } from "../../study/figures/curves.js";
import { numberText } from "../../study/number-text.js";
import type { Layout } from "../format/layout.js";
import type { Ink } from "../format/style.js";
import { type Cell, tableLines } from "../format/table.js";
import { pictureLines, type Series } from "./picture.js";

/** Signs of the trials, in their order. */
const SIGNS = "abcdefghijklmnopqrstuvwxyz";

interface Signed {
  readonly curves: TrialCurves;
  readonly sign: string;
  /** Green for the best trial, cyan for those under way. */
  readonly ink?: Ink | undefined;
}

/**
 * Returns a picture of learning curves, and a table of their trials.
 *
 * @param trials - the best trials, best first, then those under way
 */
export function curvesLines(metric: string, trials: readonly TrialCurves[], layout: Layout): string[] {
  const shown = trials.filter(({ executions }) => executions.length > 0).slice(0, SIGNS.length);
  if (shown.length === 0) return ["No trial that has completed or runs has reported an epoch."];
  const signed = shown.map((curves, i): Signed => ({ curves, sign: SIGNS.charAt(i), ink: inkOf(curves, i) }));
  const last = Math.max(...shown.flatMap(({ executions }) => executions.map(({ epochs }) => epochs.at(-1) ?? 0)));
  // The first trial is the best one: it covers the others.
  const series = signed.toReversed().flatMap((one) => seriesOf(one, last));
  return [
    ...pictureLines({ title: `${metric} by epoch`, series, ends: ["epoch 1", `epoch ${last + 1}`] }, layout),
    "",
    ...tableLines(["", "TRIAL", "STATE", "OBJECTIVE"], signed.map(rowOf), layout),
  ];
}

function seriesOf({ curves, sign, ink }: Signed, last: number): Series[] {
  return curves.executions.map(({ epochs, values }) => {
    const points = epochs.map((epoch, i) => ({ x: last === 0 ? 0 : epoch / last, y: values[i] ?? Number.NaN }));
    return { kind: points.length < 2 ? "points" : "line", sign, ink, points };
  });
}

function rowOf({ curves: { trial, state, objective }, sign, ink }: Signed): Cell[] {
  return [{ text: sign, ink }, trial, state, objective === null ? "-" : numberText(objective)];
}

function inkOf({ objective }: TrialCurves, index: number): Ink | undefined {
  if (objective === null) return "cyan";
  return index === 0 ? "green" : undefined;
}
