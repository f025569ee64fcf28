// The surrogate's mean over two parameters, as filled contours, with the trials on it.

import type { GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { colourBar, colourBarWidth } from "../../chart/axis/colour-bar.js";
import { type Frame, frame, withoutGrid } from "../../chart/axis/frame.js";
import { domainOf } from "../../chart/axis/number-axis.js";
import { FIELD_ROLES } from "../../chart/scene/role.js";
import type { Mark, Scene } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import { parameterAxis, type StudyParameter } from "../data/parameters.js";
import { rankedTrials } from "../data/rank.js";
import { isBetter, plainValue, type StudyFigures, type Value, type View } from "../data/study-data.js";
import { type PlacedTrial, trialMarks, trialTargets } from "../data/trial-symbols.js";
import { cellMarks, contourMarks, type Field, fieldOf } from "./field.js";

/** What contours show. */
export interface ContourInput {
  readonly study: StudyFigures;
  readonly trials: readonly Trial[];
  readonly first: StudyParameter;
  readonly second: StudyParameter;
  /** Absent before the study has enough trials for a surrogate. */
  readonly surrogate?: GetSurrogateResponse;
}

/** Contours, which also say which values a position has. */
export interface ContourScene extends Scene {
  /** Returns the values of both parameters at a position: ones that they can have. */
  valuesAt(x: number, y: number): Readonly<Record<string, Value>>;
}

/** Returns the contours of a study over two parameters. */
export function contourPlot(input: ContourInput, view: View): ContourScene {
  const { study, first, second, surrogate } = input;
  const field = surrogate === undefined ? undefined : fieldOf(surrogate);
  const bar = barMarks(field, study, view);
  const framed = frame({
    size: view.size,
    x: parameterAxis(first, { reader: view.reader }),
    y: parameterAxis(second, { reader: view.reader, spacing: 44, labelWidthMax: view.size.width * 0.3 }),
    reserved: bar.width,
  });
  const placed = placedTrials(input, framed);
  const isSmooth = first.kind === "number" && second.kind === "number";
  const fieldMarks = isSmooth ? contourMarks : cellMarks;
  return {
    size: view.size,
    title: `${study.objectiveMetric} · ${first.name} × ${second.name}`,
    description: descriptionOf(field, input, view),
    plot: framed.plot,
    marks: [
      ...(field === undefined ? [] : fieldMarks(field, framed, study.goal)),
      ...withoutGrid(framed.marks),
      ...bar.marks,
      ...trialMarks(placed, study),
    ],
    targets: trialTargets(placed, study, view),
    table: () => contourTable(field, input, view),
    valuesAt: (x, y) => ({ [first.name]: framed.x.invert(x), [second.name]: framed.y.invert(y) }),
  };
}

function barMarks(
  field: Field | undefined,
  { goal }: StudyFigures,
  { size, reader }: View,
): { marks: readonly Mark[]; width: number } {
  if (field === undefined) return { marks: [], width: 0 };
  const { low, high } = domainOf(field.mean);
  const [worst, best] = isBetter(goal, low, high) ? [high, low] : [low, high];
  const ends = [reader.number(worst), reader.number(best)] as const;
  const width = colourBarWidth({ roles: FIELD_ROLES, ends: [...ends] });
  return { marks: colourBar({ roles: FIELD_ROLES, ends: [...ends], right: size.width }), width };
}

function placedTrials(
  { study, trials, first, second }: ContourInput,
  { x, y }: Frame<Value, Value>,
): readonly PlacedTrial[] {
  return rankedTrials(trials, study.goal).flatMap(({ trial }) => {
    const [a, b] = [plainValue(trial.values[first.name]), plainValue(trial.values[second.name])];
    if (a === undefined || b === undefined) return [];
    const placed = { trial, x: x.at(a), y: y.at(b) };
    return Number.isFinite(placed.x) && Number.isFinite(placed.y) ? [placed] : [];
  });
}

function descriptionOf(field: Field | undefined, { study, surrogate }: ContourInput, { reader }: View): string {
  if (field === undefined || surrogate === undefined) return `${reader.words.noData}.`;
  const { low, high } = domainOf(field.mean);
  const range = `${reader.number(low)} – ${reader.number(high)}`;
  return `${study.objectiveMetric}, ${reader.words.expected}: ${range}; ${reader.words.trial} ${surrogate.trialId}.`;
}

function contourTable(field: Field | undefined, { first, second, surrogate }: ContourInput, { reader }: View): Table {
  const { words } = reader;
  const rows = (field?.first ?? []).flatMap((a, i) => {
    return (field?.second ?? []).map((b, j) => {
      const place = i * (field?.second.length ?? 0) + j;
      const cells = [a, b].map((value) => (typeof value === "number" ? value : String(value)));
      return [...cells, field?.mean[place] ?? null, surrogate?.low[place] ?? null, surrogate?.high[place] ?? null];
    });
  });
  return { columns: [first.name, second.name, words.expected, words.low, words.high], rows };
}
