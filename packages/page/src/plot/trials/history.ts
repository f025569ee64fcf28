// The history of a study: the objective of each trial, the best one so far, and the interval of the
// best trial.

import { Goal, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { type Frame, frame } from "../../chart/axis/frame.js";
import type { LegendItem } from "../../chart/axis/legend.js";
import { type AxisScale, type Domain, domainOf, numberAxis, padded } from "../../chart/axis/number-axis.js";
import type { Box, LineMark, Mark, Scene } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import { robustDomain } from "../data/robust-domain.js";
import { stateLegend } from "../data/state-sign.js";
import { figureOf, isBetter, objectiveOf, type StudyFigures, stateText, type View } from "../data/study-data.js";
import { type PlacedTrial, TRIAL_RADIUS, trialMarks, trialTargets } from "../data/trial-symbols.js";

/** What a history shows. */
export interface HistoryInput {
  readonly study: StudyFigures;
  /** Trials by number. */
  readonly trials: readonly Trial[];
  /** True for a logarithmic axis of objectives, if all of them are above 0. @default false */
  readonly isLogarithmic?: boolean;
}

/** Height of the strip at the bottom of the plot for trials without an objective, in pixels. */
const STRIP = 10;
const DOMAIN_MARGIN = 0.06;
/** Part of the plot on the side of better objectives that stays free for the label of the best. */
const LABEL_MARGIN = 0.14;

/** Returns the history of a study. */
export function historyPlot(input: HistoryInput, view: View): Scene {
  const { study, trials } = input;
  const framed = historyFrame(input, view);
  const placed = placedTrials(trials, study.objectiveMetric, framed);
  return {
    size: view.size,
    title: `${study.objectiveMetric} · ${view.reader.words.bestSoFar}`,
    description: descriptionOf(input, view),
    plot: framed.plot,
    marks: [
      ...framed.marks,
      ...intervalMarks(study, framed),
      bestLine(bestSoFar(input), framed),
      ...trialMarks(placed, study),
      ...bestLabel(study, placed, framed, view),
    ],
    targets: trialTargets(placed, study, view),
    table: () => historyTable(input, view),
  };
}

/** A trial at which the best objective so far changed, by its place in the list. */
export interface BestStep {
  readonly index: number;
  readonly objective: number;
}

/** Returns the trials that were better than all before them, in the order of the trials. */
export function bestSoFar({ study, trials }: HistoryInput): readonly BestStep[] {
  const steps: BestStep[] = [];
  trials.forEach((trial, index) => {
    const objective = objectiveOf(trial);
    const best = steps.at(-1);
    if (objective === undefined) return;
    if (best === undefined || isBetter(study.goal, objective, best.objective)) steps.push({ index, objective });
  });
  return steps;
}

function historyFrame(input: HistoryInput, { size, reader }: View): Frame<number, number> {
  const { study, trials, isLogarithmic = false } = input;
  const scale = isLogarithmic ? "log" : "linear";
  const figures = trials.flatMap((trial) => figureOf(trial, study.objectiveMetric) ?? []);
  const expected = study.selection?.expected;
  const robust = scale === "log" ? domainOf(figures) : robustDomain(figures, study.goal);
  const domain = expected === undefined ? robust : domainOf([robust.low, robust.high, expected.low, expected.high]);
  const last = Math.max(1, trials.length - 1);
  return frame({
    size,
    x: numberAxis({ label: reader.words.trial, domain: { low: 0, high: last }, whole: true, reader }),
    y: numberAxis({
      label: study.objectiveMetric,
      domain: withLabelRoom(padded(domain, DOMAIN_MARGIN, scale), study.goal, scale),
      scale,
      spacing: 44,
      reader,
    }),
    legend: legendOf(input, { size, reader }),
  });
}

function withLabelRoom(domain: Domain, goal: Goal, scale: AxisScale): Domain {
  const wide = padded(domain, LABEL_MARGIN, scale);
  return goal === Goal.MINIMIZE ? { ...domain, low: wide.low } : { ...domain, high: wide.high };
}

function legendOf({ study, trials }: HistoryInput, { reader }: View): readonly LegendItem[] {
  const best = { text: reader.words.bestSoFar, sign: { shape: "line", stroke: "best", lineWidth: 2 } } as const;
  const band = { text: reader.words.interval, sign: { shape: "area", fill: "best", opacity: 0.18 } } as const;
  return [
    ...stateLegend(
      shown(trials, study.objectiveMetric).map(({ state }) => state),
      reader,
    ),
    ...(trials.some((trial) => objectiveOf(trial) !== undefined) ? [best] : []),
    ...(study.selection?.expected === undefined ? [] : [band]),
  ];
}

/** Returns the trials that have a figure, and those that ended without one. */
function shown(trials: readonly Trial[], metric: string): readonly Trial[] {
  return trials.filter((trial) => figureOf(trial, metric) !== undefined || trial.state >= TrialState.COMPLETED);
}

function placedTrials(
  trials: readonly Trial[],
  metric: string,
  { plot, x, y }: Frame<number, number>,
): readonly PlacedTrial[] {
  const places = new Map(trials.map((trial, index) => [trial, index]));
  const [top, bottom] = [plot.y + TRIAL_RADIUS, plot.y + plot.height - STRIP];
  return shown(trials, metric).map((trial) => {
    const figure = figureOf(trial, metric);
    const height = figure === undefined ? bottom + STRIP / 2 : Math.min(bottom, Math.max(top, y.at(figure)));
    return { trial, x: x.at(places.get(trial) ?? 0), y: height };
  });
}

function bestLine(steps: readonly BestStep[], { plot, x, y }: Frame<number, number>): LineMark {
  const points = steps.flatMap(({ index, objective }, place) => {
    const before = steps[place - 1];
    const corner = before === undefined ? [] : [x.at(index), y.at(before.objective)];
    return [...corner, x.at(index), y.at(objective)];
  });
  const last = steps.at(-1);
  const end = last === undefined ? [] : [plot.x + plot.width, y.at(last.objective)];
  return { kind: "line", points: [...points, ...end], stroke: "best", lineWidth: 2 };
}

function intervalMarks({ selection }: StudyFigures, { plot, y }: Frame<number, number>): readonly Mark[] {
  const expected = selection?.expected;
  if (expected === undefined) return [];
  const [top, bottom] = [y.at(expected.high), y.at(expected.low)];
  const band: Box = { x: plot.x, y: top, width: plot.width, height: bottom - top };
  const middle = y.at(expected.mean);
  return [
    { kind: "rect", ...band, fill: "best", opacity: 0.14 },
    { kind: "line", points: [plot.x, middle, plot.x + plot.width, middle], stroke: "best", dash: [3, 3] },
  ];
}

function bestLabel(
  study: StudyFigures,
  placed: readonly PlacedTrial[],
  { plot }: Frame<number, number>,
  { reader }: View,
): readonly Mark[] {
  const best = placed.find(({ trial }) => trial.id === study.bestTrialId);
  const objective = best === undefined ? undefined : objectiveOf(best.trial);
  if (best === undefined || objective === undefined) return [];
  const isAtEnd = best.x > plot.x + plot.width * 0.8;
  const isAtStart = best.x < plot.x + plot.width * 0.2;
  const isUpwards = study.goal !== Goal.MINIMIZE;
  return [
    {
      kind: "text",
      x: best.x,
      y: best.y + (isUpwards ? -14 : 14),
      text: `${best.trial.id} · ${reader.number(objective)}`,
      fill: "ink",
      anchor: isAtEnd ? "end" : isAtStart ? "start" : "middle",
      baseline: "middle",
      bold: true,
      halo: true,
    },
  ];
}

function descriptionOf(input: HistoryInput, { reader }: View): string {
  const { words } = reader;
  const best = bestSoFar(input).at(-1);
  const count = reader.count(input.trials.length, words.trial, words.trials);
  if (best === undefined) return `${count}. ${words.noData}.`;
  const id = input.trials[best.index]?.id ?? "";
  const figure = `${input.study.objectiveMetric} ${reader.number(best.objective)}`;
  return `${count}. ${words.best}: ${words.trial} ${id}, ${figure}.`;
}

function historyTable(input: HistoryInput, { reader }: View): Table {
  const { study, trials } = input;
  const { words } = reader;
  const steps = bestSoFar(input);
  const best = (index: number): number | null => steps.findLast((step) => step.index <= index)?.objective ?? null;
  return {
    columns: [words.trial, words.state, study.objectiveMetric, words.bestSoFar],
    rows: trials.map((trial, index) => {
      return [trial.id, stateText(trial.state, reader), figureOf(trial, study.objectiveMetric) ?? null, best(index)];
    }),
  };
}
