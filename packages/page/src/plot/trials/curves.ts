// Learning curves: those of all trials as faint lines, and some of them in colours of their own.

import { type Frame, frame } from "../../chart/axis/frame.js";
import type { LegendItem } from "../../chart/axis/legend.js";
import { type Domain, numberAxis, padded } from "../../chart/axis/number-axis.js";
import { textWidth } from "../../chart/axis/text-width.js";
import { type Role, seriesRole } from "../../chart/scene/role.js";
import type { Mark, Scene } from "../../chart/scene/scene.js";
import type { View } from "../data/study-data.js";
import { domainOfRates, domainOfValues, type LearningCurve } from "./curve.js";
import { curvesTable, curveTargets } from "./curve-figures.js";
import { type CurveLine, curveLines, joined } from "./curve-lines.js";
import { endLabels } from "./end-labels.js";

/** What a plot of learning curves shows. */
export interface CurvesInput {
  readonly metric: string;
  readonly curves: readonly LearningCurve[];
  /** Ids of the trials with a colour of their own, in the order of the colours. */
  readonly highlighted?: readonly string[];
  /** True for a logarithmic axis of epochs. @default false */
  readonly logEpochs?: boolean;
  /** True for a logarithmic axis of the metric, if all its values are above 0. @default false */
  readonly logMetric?: boolean;
  /** True to show learning rates, on a logarithmic axis, instead of the metric. @default false */
  readonly rates?: boolean;
}

const FAINT_OPACITY = 0.55;
/** Above this number, lines cover the plot unless they are even fainter. */
const MANY = 100;
const MANY_OPACITY = 0.3;
/** Lines in one mark. Fewer marks are drawn faster, more of them show the density better. */
const GROUP = 25;
/** The lines of few trials are easy to tell apart, and need not be faint. */
const FEW = 12;
const DOMAIN_MARGIN = 0.04;
/** Dashes of lines that have a colour in common, and of all executions after the first one. */
const DASHES = [undefined, [6, 3], [2, 3]] as const;
const COLOURS = 6;
const LABEL_GAP = 8;

/** Returns the plot of learning curves. */
export function curvesPlot(input: CurvesInput, view: View): Scene {
  const framed = curvesFrame(input, view);
  const lines = curveLines(input.curves, framed, input.rates === true);
  const chosen = new Set(input.highlighted);
  const [strong, weak] = [lines.filter(isOf(chosen)), lines.filter((line) => !isOf(chosen)(line))];
  const all = [...weak, ...strong];
  return {
    size: view.size,
    title: labelOf(input, view),
    description: descriptionOf(input, view),
    plot: framed.plot,
    marks: [
      ...framed.marks,
      ...weakMarks(weak),
      ...strong.flatMap((line) => strongMark(line, input)),
      ...labels(strong, input, framed),
    ],
    targets: curveTargets(all, input.metric, view.reader),
    table: () => curvesTable(input.curves, input.metric, view.reader),
  };
}

function isOf(ids: ReadonlySet<string>): (line: CurveLine) => boolean {
  return ({ curve }) => ids.has(curve.trialId);
}

function curvesFrame(input: CurvesInput, { size, reader }: View): Frame<number, number> {
  const { curves, highlighted = [], rates = false } = input;
  const isLog = rates || input.logMetric === true;
  const y = rates ? domainOfRates(curves) : domainOfValues(curves);
  const scale = isLog && y.low > 0 ? "log" : "linear";
  const label = labelOf(input, { size, reader });
  return frame({
    size,
    x: numberAxis({
      label: reader.words.epoch,
      domain: epochDomain(curves),
      scale: input.logEpochs === true ? "log" : "linear",
      whole: true,
      reader,
    }),
    y: numberAxis({ label, domain: padded(y, DOMAIN_MARGIN, scale), scale, spacing: 44, reader }),
    legend: legendOf(input, { size, reader }),
    right: Math.max(12, ...highlighted.map((id) => textWidth(id) + LABEL_GAP + 4)),
  });
}

function epochDomain(curves: readonly LearningCurve[]): Domain {
  const last = curves.reduce((most, { epochs }) => Math.max(most, (epochs.at(-1) ?? 0) + 1), 1);
  return { low: 1, high: Math.max(2, last) };
}

function labelOf({ metric, rates }: CurvesInput, { reader }: View): string {
  return rates === true ? reader.words.learningRate : metric;
}

function legendOf({ curves, highlighted = [] }: CurvesInput, { reader }: View): readonly LegendItem[] {
  const chosen = new Set(highlighted);
  const hasOthers = curves.some(({ trialId }) => !chosen.has(trialId));
  if (chosen.size === 0 || !hasOthers) return [];
  return [{ text: reader.words.otherTrials, sign: { shape: "line", stroke: "faint", lineWidth: 2 } }];
}

/** Returns faint lines in groups. Where groups cross, their opacity adds up and shows density. */
function weakMarks(lines: readonly CurveLine[]): readonly Mark[] {
  const isFew = lines.length <= FEW;
  const opacity = isFew ? 1 : lines.length <= MANY ? FAINT_OPACITY : MANY_OPACITY;
  const groups = Array.from({ length: Math.ceil(lines.length / GROUP) }, (_, index) => {
    return lines.slice(index * GROUP, (index + 1) * GROUP);
  });
  return groups.map((group) => ({ kind: "line", points: joined(group), stroke: isFew ? "axis" : "faint", opacity }));
}

function strongMark(line: CurveLine, input: CurvesInput): readonly Mark[] {
  const { curve } = line;
  const place = input.highlighted?.indexOf(curve.trialId) ?? 0;
  const dash = DASHES[(Math.floor(place / COLOURS) + (curve.execution > 0 ? 1 : 0)) % DASHES.length];
  const style = { stroke: colourOf(line, input), lineWidth: 2, ...(dash === undefined ? {} : { dash }) };
  const single: readonly Mark[] =
    line.places.length === 1
      ? [{ kind: "symbol", shape: "circle", radius: 3, points: line.points, fill: colourOf(line, input) }]
      : [];
  return [{ kind: "line", points: joined([line]), ...style }, ...single];
}

function colourOf({ curve }: CurveLine, { highlighted = [] }: CurvesInput): Role {
  return seriesRole(Math.max(0, highlighted.indexOf(curve.trialId)));
}

function labels(lines: readonly CurveLine[], input: CurvesInput, { plot }: Frame<number, number>): readonly Mark[] {
  const first = lines.filter(
    ({ curve }, index) => lines.findIndex((line) => line.curve.trialId === curve.trialId) === index,
  );
  return endLabels(
    first.map((line) => ({
      text: line.curve.trialId,
      x: (line.points.at(-2) ?? 0) + LABEL_GAP,
      y: line.points.at(-1) ?? 0,
      role: colourOf(line, input),
    })),
    plot,
  );
}

function descriptionOf({ curves, metric }: CurvesInput, { reader }: View): string {
  const { words } = reader;
  const trials = new Set(curves.map(({ trialId }) => trialId)).size;
  if (trials === 0) return `${words.noData}.`;
  const epochs = reader.count(epochDomain(curves).high, words.epoch, words.epochs);
  return `${reader.count(trials, words.trial, words.trials)}, ${epochs}, ${metric}.`;
}
