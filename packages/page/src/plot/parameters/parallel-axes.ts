import { numberAxis } from "../../chart/axis/number-axis.js";
import { fitted, textWidth } from "../../chart/axis/text-width.js";
import type { Mark } from "../../chart/scene/scene.js";
import { parameterAxis, type StudyParameter } from "../data/parameters.js";
import type { RankedTrial } from "../data/rank.js";
import { robustDomain } from "../data/robust-domain.js";
import { plainValue, type StudyFigures, type View } from "../data/study-data.js";
import { INACTIVE_DEPTH, type ParallelAxis } from "./parallel-lines.js";

/** What the axes depend on. */
export interface AxesInput {
  readonly study: StudyFigures;
  readonly parameters: readonly StudyParameter[];
  readonly trials: readonly RankedTrial[];
}

const SPACING = 48;
const EDGE = 8;
/** Room above the axes for two rows of names, below the colour bar. */
const TOP = 52;
const NAME_ROW = 14;
const BOTTOM = 10;
const LABEL_WIDTH_MAX = 64;
const TICK = 3;

/** Returns the axes at equal distances. The objective is the last one, with its labels outside. */
export function parallelAxes(
  { study, parameters, trials }: AxesInput,
  { size, reader }: View,
): readonly ParallelAxis[] {
  const objectives = trials.map(({ objective }) => objective);
  const domain = robustDomain(objectives, study.goal);
  const makers = [
    ...parameters.map((parameter) => {
      return {
        name: parameter.name,
        make: parameterAxis(parameter, { reader, spacing: SPACING, labelWidthMax: LABEL_WIDTH_MAX }),
      };
    }),
    { name: study.objectiveMetric, make: objectiveAxis(study.objectiveMetric, domain, reader) },
  ];
  const [top, bottom] = [TOP, size.height - BOTTOM - INACTIVE_DEPTH];
  const axes = makers.map(({ name, make }) => ({ name, axis: make(bottom, top) }));
  const [left, right] = [EDGE + labelsWidth(axes[0]), EDGE + labelsWidth(axes.at(-1))];
  const gap = (size.width - left - right) / Math.max(1, axes.length - 1);
  return axes.map(({ name, axis }, index) => ({ name, axis, x: left + index * gap }));
}

/** Returns lines, names and ticks of the axes. Names share two rows where one has no room. */
export function axisMarks(
  axes: readonly ParallelAxis[],
  trials: readonly RankedTrial[],
  { size, reader }: View,
): readonly Mark[] {
  const gap = (axes[1]?.x ?? size.width) - (axes[0]?.x ?? 0);
  const isTight = axes.some(({ name }) => textWidth(name) > gap - 8);
  return axes.flatMap((each, index) => {
    const row = isTight && index % 2 === 0 ? 1 : 0;
    const hasInactive = trials.some(
      ({ trial }) => index < axes.length - 1 && plainValue(trial.values[each.name]) === undefined,
    );
    return [
      nameMark(each, TOP - 10 - row * NAME_ROW, (isTight ? 2 : 1) * gap - 8, size.width),
      { kind: "line", points: [each.x, each.axis.to, each.x, each.axis.from], stroke: "axis", lineWidth: 1.5 } as const,
      ...tickMarks(each, index === axes.length - 1),
      ...(hasInactive ? [inactiveMark(each, reader.words.inactive)] : []),
    ];
  });
}

function objectiveAxis(
  label: string,
  domain: { low: number; high: number },
  reader: View["reader"],
): ReturnType<typeof parameterAxis> {
  const make = numberAxis({ label, domain, spacing: SPACING, reader });
  return (from, to) => {
    const axis = make(from, to);
    return {
      ...axis,
      at: (value) => (typeof value === "number" ? axis.at(value) : Number.NaN),
      text: (value) => axis.text(Number(value)),
    };
  };
}

function labelsWidth(axis: Pick<ParallelAxis, "axis"> | undefined): number {
  return Math.max(0, ...(axis?.axis.ticks ?? []).map(({ text }) => textWidth(text) + TICK + 3));
}

function nameMark({ name, x }: ParallelAxis, y: number, room: number, width: number): Mark {
  const text = fitted(name, room);
  const half = textWidth(text) / 2;
  const middle = Math.min(width - half, Math.max(half, x));
  return { kind: "text", x: middle, y, text, fill: "ink", anchor: "middle" };
}

function tickMarks({ x, axis }: ParallelAxis, isLast: boolean): readonly Mark[] {
  const side = isLast ? 1 : -1;
  const anchor = isLast ? "start" : "end";
  return axis.ticks
    .filter(({ text }) => text !== "")
    .flatMap(({ position, text }): readonly Mark[] => [
      { kind: "line", points: [x, position, x + side * TICK, position], stroke: "axis" },
      {
        kind: "text",
        x: x + side * (TICK + 3),
        y: position,
        text,
        fill: "muted",
        anchor,
        baseline: "middle",
        halo: true,
      },
    ]);
}

function inactiveMark({ x, axis }: ParallelAxis, text: string): Mark {
  return {
    kind: "text",
    x: x - TICK - 3,
    y: axis.from + INACTIVE_DEPTH,
    text,
    fill: "muted",
    anchor: "end",
    baseline: "middle",
    halo: true,
  };
}
