// The figures of learning curves: what a reader points at, and the table.

import type { Targets } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import type { Reader } from "../../text/reader.js";
import { hasRates, type LearningCurve } from "./curve.js";
import { boxesOf, type CurveLine, joined } from "./curve-lines.js";

/** Returns an epoch of a curve as a target, for each of the epochs. */
export function curveTargets(lines: readonly CurveLine[], metric: string, reader: Reader): Targets {
  const starts: number[] = [];
  let count = 0;
  for (const { places } of lines) {
    starts.push(count);
    count += places.length;
  }
  const lineAt = (index: number): { line: CurveLine; point: number } => {
    const found = starts.findLastIndex((start) => start <= index);
    const line = lines[found];
    if (line === undefined) throw new RangeError(`the plot has no epoch ${index}`);
    return { line, point: index - (starts[found] ?? 0) };
  };
  return {
    boxes: boxesOf(lines),
    keyAt: (index) => lineAt(index).line.curve.trialId,
    at: (index) => {
      const { line, point } = lineAt(index);
      const { curve, points, places } = line;
      const at = [points[2 * point] ?? 0, points[2 * point + 1] ?? 0];
      return {
        key: curve.trialId,
        lines: epochLines(curve, places[point] ?? 0, metric, reader),
        marks: [
          { kind: "line", points: joined([line]), stroke: "ink", lineWidth: 2 },
          { kind: "symbol", shape: "circle", points: at, radius: 4, fill: "ink", stroke: "surface" },
        ],
      };
    },
  };
}

/** Returns all epochs of curves as a table. */
export function curvesTable(curves: readonly LearningCurve[], metric: string, reader: Reader): Table {
  const { words } = reader;
  return {
    columns: [words.trial, words.execution, words.epoch, metric, words.learningRate],
    rows: curves.flatMap((curve) =>
      curve.epochs.map((epoch, index) => {
        const rate = hasRates(curve) ? (curve.learningRates[index] ?? null) : null;
        return [curve.trialId, curve.execution + 1, epoch + 1, curve.values[index] ?? null, rate];
      }),
    ),
  };
}

function epochLines(curve: LearningCurve, index: number, metric: string, reader: Reader): readonly string[] {
  const { words } = reader;
  const [epoch = 0, value = Number.NaN] = [curve.epochs[index], curve.values[index]];
  const execution = curve.execution > 0 ? ` · ${words.execution} ${curve.execution + 1}` : "";
  const rate = hasRates(curve) ? [`${words.learningRate} ${reader.number(curve.learningRates[index] ?? 0)}`] : [];
  return [
    `${words.trialNumber} ${curve.trialId}${execution}`,
    `${words.epoch} ${reader.number(epoch + 1)}`,
    `${metric} ${reader.number(value)}`,
    ...rate,
  ];
}
