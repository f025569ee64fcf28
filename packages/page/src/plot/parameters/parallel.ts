// Parallel coordinates: a vertical axis for each parameter, the last one for the objective, and a
// line for each completed trial.

import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { colourBar } from "../../chart/axis/colour-bar.js";
import { domainOf } from "../../chart/axis/number-axis.js";
import { RAMP_ROLES, rampStep } from "../../chart/scene/role.js";
import type { Mark, Scene, Targets } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import type { StudyParameter } from "../data/parameters.js";
import { rankedTrials } from "../data/rank.js";
import { isBetter, plainValue, type StudyFigures, trialLines, type View } from "../data/study-data.js";
import { axisMarks, parallelAxes } from "./parallel-axes.js";
import { type Brushes, keptLines } from "./parallel-filter.js";
import { type ParallelAxis, type ParallelLine, parallelLines } from "./parallel-lines.js";

/** What parallel coordinates show. */
export interface ParallelInput {
  readonly study: StudyFigures;
  readonly trials: readonly Trial[];
  readonly parameters: readonly StudyParameter[];
  /** Ranges by the name of their axis. @default none */
  readonly brushes?: Brushes;
  /** Share of the trials, the best ones, that are kept; in (0, 1]. @default 1 */
  readonly bestShare?: number;
}

/** Parallel coordinates, with what brushes need. */
export interface ParallelScene extends Scene {
  readonly axes: readonly ParallelAxis[];
  /** Ids of the trials within all brushes, best first. */
  readonly keptIds: readonly string[];
}

const LINE_OPACITY = 0.75;
const OUT_OPACITY = 0.35;

/** Returns the parallel coordinates of a study. */
export function parallelPlot(input: ParallelInput, view: View): ParallelScene {
  const { study, parameters, brushes = {}, bestShare = 1 } = input;
  const trials = rankedTrials(input.trials, study.goal);
  const axes = parallelAxes({ study, parameters, trials }, view);
  const lines = parallelLines(trials, axes);
  const kept = keptLines(lines, brushes, bestShare);
  const keptIds = lines
    .filter((line) => kept.has(line))
    .map(({ trial }) => trial.id)
    .reverse();
  const { words } = view.reader;
  const count = view.reader.count(lines.length, words.trial, words.trials);
  return {
    size: view.size,
    title: [...parameters.map(({ name }) => name), study.objectiveMetric].join(" · "),
    description: `${view.reader.number(keptIds.length)} / ${count}.`,
    plot: plotOf(axes),
    marks: [
      ...barMarks(lines, input, view),
      ...lineMarks(lines, kept),
      ...brushMarks(axes, brushes),
      ...axisMarks(axes, trials, view),
    ],
    targets: lineTargets(lines, axes.length, study, view),
    table: () => parallelTable(input, lines, kept, view),
    axes,
    keptIds,
  };
}

function plotOf(axes: readonly ParallelAxis[]): Scene["plot"] {
  const [first, last] = [axes[0], axes.at(-1)];
  const [top, bottom] = [first?.axis.to ?? 0, first?.axis.from ?? 0];
  return { x: first?.x ?? 0, y: top, width: (last?.x ?? 0) - (first?.x ?? 0), height: bottom - top };
}

function barMarks(lines: readonly ParallelLine[], { study }: ParallelInput, { size, reader }: View): readonly Mark[] {
  if (lines.length === 0) return [];
  const { low, high } = domainOf(lines.map(({ objective }) => objective));
  const [worst, best] = isBetter(study.goal, low, high) ? [high, low] : [low, high];
  return colourBar({ roles: RAMP_ROLES, ends: [reader.number(worst), reader.number(best)], right: size.width });
}

/** Returns one mark for each colour, worst first, and one below them for the lines left out. */
function lineMarks(lines: readonly ParallelLine[], kept: ReadonlySet<ParallelLine>): readonly Mark[] {
  const out = pathOf(lines.filter((line) => !kept.has(line)));
  const steps = RAMP_ROLES.map((role, step): Mark => {
    const points = pathOf(lines.filter((line) => kept.has(line) && rampStep(line.rank) === step));
    return { kind: "line", points, stroke: role, lineWidth: 1.5, opacity: LINE_OPACITY };
  });
  return [{ kind: "line", points: out, stroke: "faint", opacity: OUT_OPACITY }, ...steps];
}

function pathOf(lines: readonly ParallelLine[]): readonly number[] {
  return lines.flatMap(({ points }) => [...points, Number.NaN, Number.NaN]);
}

const BRUSH_WIDTH = 14;

function brushMarks(axes: readonly ParallelAxis[], brushes: Brushes): readonly Mark[] {
  return axes.flatMap(({ name, x, axis }): readonly Mark[] => {
    const brush = brushes[name];
    if (brush === undefined) return [];
    const [top, bottom] = [brush.to, brush.from].map((place) => axis.from + place * (axis.to - axis.from));
    if (top === undefined || bottom === undefined) return [];
    const box = { x: x - BRUSH_WIDTH / 2, y: top, width: BRUSH_WIDTH, height: bottom - top, radius: 3 };
    return [
      { kind: "rect", ...box, fill: "model", opacity: 0.25 },
      { kind: "rect", ...box, stroke: "model", lineWidth: 1.5 },
    ];
  });
}

function lineTargets(lines: readonly ParallelLine[], count: number, study: StudyFigures, { reader }: View): Targets {
  const lineAt = (index: number): ParallelLine => {
    const line = lines[Math.floor(index / count)];
    if (line === undefined) throw new RangeError(`the plot has no line ${index}`);
    return line;
  };
  return {
    boxes: lines.flatMap(({ points }) =>
      points.flatMap((x, place) =>
        place % 2 === 0 ? [x, points[place + 1] as number, x, points[place + 1] as number] : [],
      ),
    ),
    keyAt: (index) => lineAt(index).trial.id,
    at: (index) => {
      const { trial, points } = lineAt(index);
      const mark: Mark = { kind: "line", points, stroke: "ink", lineWidth: 2.5 };
      return { key: trial.id, lines: trialLines(trial, study.objectiveMetric, reader), marks: [mark] };
    },
  };
}

function parallelTable(
  { study, parameters }: ParallelInput,
  lines: readonly ParallelLine[],
  kept: ReadonlySet<ParallelLine>,
  { reader }: View,
): Table {
  const names = parameters.map(({ name }) => name);
  const best = [...lines].reverse().filter((line) => kept.has(line));
  return {
    columns: [reader.words.trial, ...names, study.objectiveMetric],
    rows: best.map(({ trial, objective }) => {
      const values = names.map((name) => {
        const value = plainValue(trial.values[name]);
        return typeof value === "boolean" ? String(value) : (value ?? null);
      });
      return [trial.id, ...values, objective];
    }),
  };
}
