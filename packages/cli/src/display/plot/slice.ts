import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import type { SliceFigure } from "../../study/figures/slice.js";
import { columnText, numberText, valueText } from "../../study/number-text.js";
import { sentences } from "../format/label.js";
import type { Layout } from "../format/layout.js";
import { tableLines } from "../format/table.js";
import { pictureLines } from "./picture.js";

const COLUMNS = [
  { title: "VALUE", cutTo: 12 },
  { title: "EXPECTED" },
  { title: "95 % INTERVAL", leftOut: 2 },
  { title: "TRIALS", leftOut: 1 },
];

const LEGEND = [
  "o  a completed trial, whose other values differ",
  "-  the expected objective",
  ":  its 95 % interval",
  "",
];

/** Returns a picture along a parameter of increasing numbers, a table for any other one. */
export function sliceLines(metric: string, slice: SliceFigure, layout: Layout): string[] {
  const { parameter, through, observations, surrogate } = slice;
  const isOrdered = isIncreasing(surrogate.map(({ value }) => value));
  return [
    ...(isOrdered ? picture(metric, slice, layout) : table(slice, layout)),
    ...sentences(
      [
        "",
        ...(isOrdered ? LEGEND : []),
        `The surrogate's estimate of ${metric} by ${parameter}; other parameters have the values of trial ${through}.`,
        `Estimated from ${observations} completed trials, without the noise of a measurement.`,
      ],
      layout,
    ),
  ];
}

function isIncreasing(values: readonly ParameterValue[]): values is readonly number[] {
  return values.every((value, i) => typeof value === "number" && (i === 0 || value > Number(values[i - 1])));
}

function picture(metric: string, { parameter, surrogate, trials }: SliceFigure, layout: Layout): string[] {
  const axis = surrogate.map(({ value }) => value as number);
  const placed = surrogate.map((point, i) => ({ ...point, x: surrogate.length < 2 ? 0 : i / (surrogate.length - 1) }));
  const points = trials.map(({ value, objective }) => ({ x: placeOf(Number(value), axis), y: objective }));
  const end = (value: number | undefined): string => `${parameter} ${numberText(value ?? 0)}`;
  return pictureLines(
    {
      title: `${metric} by ${parameter}`,
      series: [
        { kind: "band", sign: ":", ink: "dim", spans: placed },
        { kind: "line", sign: "-", ink: "green", points: placed.map(({ x, mean }) => ({ x, y: mean })) },
        { kind: "points", sign: "o", points },
      ],
      ends: [end(axis[0]), end(axis.at(-1))],
    },
    layout,
  );
}

/** Returns the place of a number between values that are evenly spaced on the parameter's scale. */
function placeOf(value: number, axis: readonly number[]): number {
  const last = axis.length - 1;
  const next = axis.findIndex((one) => one >= value);
  if (last < 1 || next === 0) return 0;
  if (next < 0) return 1;
  const [before, after] = [axis[next - 1] as number, axis[next] as number];
  return (next - 1 + (value - before) / (after - before)) / last;
}

function table({ surrogate, trials }: SliceFigure, layout: Layout): string[] {
  const text = columnText(surrogate.flatMap(({ mean, low, high }) => [mean, low, high]));
  const count = (value: ParameterValue): number => trials.filter((trial) => trial.value === value).length;
  const rows = surrogate.map(({ value, mean, low, high }) => [
    valueText(value),
    text(mean),
    `${text(low)} to ${text(high)}`,
    String(count(value)),
  ]);
  return tableLines(COLUMNS, rows, layout);
}
