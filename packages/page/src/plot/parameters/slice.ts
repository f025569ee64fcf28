// A slice through the search space: the trials by one parameter, with the surrogate's mean and its
// 95 % band along a line through one trial.

import type { GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { type Frame, frame } from "../../chart/axis/frame.js";
import type { LegendItem } from "../../chart/axis/legend.js";
import { type Domain, domainOf, numberAxis, padded } from "../../chart/axis/number-axis.js";
import type { Scene } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import { parameterAxis, type StudyParameter } from "../data/parameters.js";
import { rankedTrials } from "../data/rank.js";
import { robustDomain } from "../data/robust-domain.js";
import { plainValue, type StudyFigures, type Value, type View, valueText } from "../data/study-data.js";
import { type PlacedTrial, TRIAL_RADIUS, trialMarks, trialTargets } from "../data/trial-symbols.js";
import { type BeliefAt, beliefMarks, beliefsOf } from "./beliefs.js";

/** What a slice shows. */
export interface SliceInput {
  readonly study: StudyFigures;
  readonly trials: readonly Trial[];
  readonly parameter: StudyParameter;
  /** Absent before the study has enough trials for a surrogate. */
  readonly surrogate?: GetSurrogateResponse;
}

/** A slice, which also says which value of the parameter a position has. */
export interface SliceScene extends Scene {
  /** Returns the value of the parameter at a pixel: one that the parameter can have. */
  valueAt(x: number): Value;
}

interface PlacedValue extends PlacedTrial {
  readonly value: Value;
}

const DOMAIN_MARGIN = 0.08;
/** Share of the trials' extent by which the band may widen the axis on each side. */
const BAND_SHARE = 0.5;

/** Returns the slice of a study along a parameter. */
export function slicePlot(input: SliceInput, view: View): SliceScene {
  const { study, parameter } = input;
  const beliefs = input.surrogate === undefined ? [] : beliefsOf(input.surrogate);
  const framed = sliceFrame(input, beliefs, view);
  const placed = placedTrials(input, framed);
  return {
    size: view.size,
    title: `${parameter.name} · ${study.objectiveMetric}`,
    description: descriptionOf(beliefs, input, view),
    plot: framed.plot,
    marks: [
      ...framed.marks,
      ...beliefMarks(beliefs, framed, parameter.kind === "number"),
      ...trialMarks(placed, study),
    ],
    targets: trialTargets(placed, study, view),
    table: () => sliceTable(placed, beliefs, input, view),
    valueAt: (x) => framed.x.invert(x),
  };
}

function sliceFrame(
  { study, trials, parameter, surrogate }: SliceInput,
  beliefs: readonly BeliefAt[],
  view: View,
): Frame<Value, number> {
  const { size, reader } = view;
  const objectives = rankedTrials(trials, study.goal).map(({ objective }) => objective);
  const center = domainOf([
    ...ends(robustDomain(objectives, study.goal), objectives),
    ...beliefs.map(({ mean }) => mean),
  ]);
  const extra = (center.high - center.low) * BAND_SHARE;
  const band = domainOf([center.low, center.high, ...beliefs.flatMap(({ low, high }) => [low, high])]);
  const domain = { low: Math.max(band.low, center.low - extra), high: Math.min(band.high, center.high + extra) };
  return frame({
    size,
    x: parameterAxis(parameter, { reader }),
    y: numberAxis({ label: study.objectiveMetric, domain: padded(domain, DOMAIN_MARGIN), spacing: 44, reader }),
    legend: surrogate === undefined ? [] : legendOf(view),
  });
}

/** Returns the ends of a domain, and nothing if there are no objectives that it describes. */
function ends({ low, high }: Domain, objectives: readonly number[]): readonly number[] {
  return objectives.length === 0 ? [] : [low, high];
}

function legendOf({ reader }: View): readonly LegendItem[] {
  return [
    { text: reader.words.expected, sign: { shape: "line", stroke: "model", lineWidth: 2 } },
    { text: reader.words.interval, sign: { shape: "area", fill: "model", opacity: 0.18 } },
  ];
}

function placedTrials(
  { study, trials, parameter }: SliceInput,
  { plot, x, y }: Frame<Value, number>,
): readonly PlacedValue[] {
  const [top, bottom] = [plot.y + TRIAL_RADIUS, plot.y + plot.height - TRIAL_RADIUS];
  return rankedTrials(trials, study.goal).flatMap(({ trial, objective }) => {
    const value = plainValue(trial.values[parameter.name]);
    const at = value === undefined ? Number.NaN : x.at(value);
    if (value === undefined || !Number.isFinite(at)) return [];
    return [{ trial, value, x: at, y: Math.min(bottom, Math.max(top, y.at(objective))) }];
  });
}

function descriptionOf(beliefs: readonly BeliefAt[], { study, surrogate }: SliceInput, { reader }: View): string {
  if (beliefs.length === 0 || surrogate === undefined) return `${reader.words.noData}.`;
  const { low, high } = domainOf(beliefs.map(({ mean }) => mean));
  const range = `${reader.number(low)} – ${reader.number(high)}`;
  return `${study.objectiveMetric}, ${reader.words.expected}: ${range}; ${reader.words.trial} ${surrogate.trialId}.`;
}

function sliceTable(
  placed: readonly PlacedValue[],
  beliefs: readonly BeliefAt[],
  { study, parameter }: SliceInput,
  { reader }: View,
): Table {
  const { words } = reader;
  const cell = (value: Value): number | string => (typeof value === "number" ? value : valueText(value, reader));
  return {
    columns: [parameter.name, words.trial, study.objectiveMetric, words.expected, words.low, words.high],
    rows: [
      ...placed.map(({ trial, value }) => [cell(value), trial.id, trial.objective ?? null, null, null, null]),
      ...beliefs.map(({ value, mean, low, high }) => [cell(value), null, null, mean, low, high]),
    ],
  };
}
