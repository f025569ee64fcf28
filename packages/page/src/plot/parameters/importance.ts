// The importance of parameters as bars: the share of the variance that each explains alone, and
// with all its interactions, with the standard error of the latter.

import type { GetImportanceResponse, ParameterImportance, VarianceShare } from "@sintonia/proto/sintonia/v1/admin";
import { categoryAxis } from "../../chart/axis/category-axis.js";
import { type Frame, frame, withoutGrid } from "../../chart/axis/frame.js";
import { numberAxis } from "../../chart/axis/number-axis.js";
import type { Mark, Scene, Target } from "../../chart/scene/scene.js";
import { targetsOf } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import type { Reader } from "../../text/reader.js";
import type { View } from "../data/study-data.js";

/** Height of a bar with its gap in pixels; see `importanceHeight`. */
const ROW = 30;
const FRAME_HEIGHT = 70;
const BAR = 14;
const BAR_ALONE = 6;
const WHISKER = 3;
/** Room for the percentage at the end of a bar, in pixels. */
const LABEL_ROOM = 44;

/** Returns the height in pixels at which the bars of so many parameters are easy to read. */
export function importanceHeight(count: number): number {
  return FRAME_HEIGHT + Math.max(1, count) * ROW;
}

/** Returns the importance of a study's parameters. */
export function importancePlot({ parameters }: GetImportanceResponse, { size, reader }: View): Scene {
  const { words } = reader;
  // The y axis points upwards, and the most important parameter belongs at the top.
  const names = parameters.map(({ parameter }) => parameter).reverse();
  const most = Math.max(0.05, ...parameters.map(({ total }) => (total?.share ?? 0) + (total?.error ?? 0)));
  const framed = frame({
    size,
    x: shareAxis(Math.min(1.05, most * 1.05), reader),
    y: categoryAxis({ label: "", values: names, labelWidthMax: size.width * 0.36 }),
    legend: [
      { text: words.importanceAlone, sign: { shape: "area", fill: "series-0" } },
      { text: words.importanceTotal, sign: { shape: "area", fill: "series-0", opacity: 0.35 } },
      { text: `± ${words.standardError}`, sign: { shape: "line", stroke: "ink" } },
    ],
    right: LABEL_ROOM,
  });
  return {
    size,
    title: `${words.parameter} · ${words.shareOfVariance}`,
    description: parameters.map((each) => `${each.parameter} ${shareText(each.total, reader)}`).join(", "),
    plot: framed.plot,
    marks: [...withoutGrid(framed.marks), ...parameters.flatMap((each) => barMarks(each, framed, reader))],
    targets: targetsOf(
      parameters.map((each) => ({ box: rowBox(each, framed), target: targetOf(each, framed, reader) })),
    ),
    table: () => importanceTable(parameters, reader),
  };
}

function shareAxis(high: number, reader: Reader) {
  const make = numberAxis({ label: reader.words.shareOfVariance, domain: { low: 0, high }, reader });
  return (from: number, to: number) => {
    const axis = make(from, to);
    const ticks = axis.ticks.map((tick) => ({ ...tick, text: reader.percent(axis.invert(tick.position), 0) }));
    return { ...axis, ticks };
  };
}

function barMarks(importance: ParameterImportance, framed: Frame<number, string>, reader: Reader): readonly Mark[] {
  const { parameter, firstOrder, total } = importance;
  const y = framed.y.at(parameter);
  const [whole, alone] = [limited(total), limited(firstOrder)];
  const end = framed.x.at(whole + (total?.error ?? 0));
  return [
    { kind: "rect", ...barBox(framed, whole, y, BAR), fill: "series-0", opacity: 0.35, radius: 2 },
    { kind: "rect", ...barBox(framed, alone, y, BAR_ALONE), fill: "series-0", radius: 2 },
    ...whiskerMarks(total, framed, y),
    { kind: "text", x: end + 6, y, text: reader.percent(whole, 0), fill: "ink", baseline: "middle", halo: true },
  ];
}

function barBox({ x }: Frame<number, string>, share: number, y: number, height: number) {
  return { x: x.at(0), y: y - height / 2, width: x.at(share) - x.at(0), height };
}

function whiskerMarks(share: VarianceShare | undefined, { x }: Frame<number, string>, y: number): readonly Mark[] {
  if (share === undefined || !(share.error > 0)) return [];
  const [left, right] = [x.at(Math.max(0, share.share - share.error)), x.at(share.share + share.error)];
  const gap = [Number.NaN, Number.NaN];
  const ends = [left, right].flatMap((end) => [end, y - WHISKER, end, y + WHISKER, ...gap]);
  return [{ kind: "line", points: [left, y, right, y, ...gap, ...ends], stroke: "ink" }];
}

/** Returns a share within [0, 1]: estimates may lie outside by their error. */
function limited(share: VarianceShare | undefined): number {
  return Math.min(1, Math.max(0, share?.share ?? 0));
}

function rowBox({ parameter }: ParameterImportance, { plot, y }: Frame<number, string>) {
  return { x: 0, y: y.at(parameter) - BAR / 2, width: plot.x + plot.width, height: BAR };
}

function targetOf(importance: ParameterImportance, framed: Frame<number, string>, reader: Reader): Target {
  const { parameter, firstOrder, total } = importance;
  const { words } = reader;
  const bar = barBox(framed, limited(total), framed.y.at(parameter), BAR);
  return {
    key: parameter,
    lines: [
      parameter,
      `${words.importanceTotal} ${shareText(total, reader)}`,
      `${words.importanceAlone} ${shareText(firstOrder, reader)}`,
    ],
    marks: [{ kind: "rect", ...bar, stroke: "ink", lineWidth: 1.5, radius: 2 }],
  };
}

function shareText(share: VarianceShare | undefined, reader: Reader): string {
  return share === undefined ? reader.words.noValue : `${reader.percent(share.share)} ± ${reader.percent(share.error)}`;
}

function importanceTable(parameters: readonly ParameterImportance[], { words }: Reader): Table {
  const error = (name: string): string => `${name}, ${words.standardError}`;
  return {
    columns: [
      words.parameter,
      words.importanceAlone,
      error(words.importanceAlone),
      words.importanceTotal,
      error(words.importanceTotal),
    ],
    rows: parameters.map(({ parameter, firstOrder, total }) => {
      return [
        parameter,
        firstOrder?.share ?? null,
        firstOrder?.error ?? null,
        total?.share ?? null,
        total?.error ?? null,
      ];
    }),
  };
}
