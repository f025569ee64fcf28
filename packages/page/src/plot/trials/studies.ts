// Several studies: the best objective so far of each, by the number of its trials.

import { type Frame, frame } from "../../chart/axis/frame.js";
import { domainOf, numberAxis, padded } from "../../chart/axis/number-axis.js";
import { fitted, textWidth } from "../../chart/axis/text-width.js";
import { seriesRole } from "../../chart/scene/role.js";
import { boxAt, type Mark, type Scene, type Target, targetsOf } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import type { View } from "../data/study-data.js";
import { endLabels } from "./end-labels.js";
import { type BestStep, bestSoFar, type HistoryInput } from "./history.js";

/** A study of a comparison. */
export type ComparedStudy = Pick<HistoryInput, "study" | "trials">;

/** A study with the trials that were better than all before them. */
interface StudySteps extends ComparedStudy {
  readonly place: number;
  readonly steps: readonly BestStep[];
}

const DOMAIN_MARGIN = 0.06;
const LABEL_GAP = 8;
/** Largest share of the width that the names of studies take beside the plot. */
const LABEL_SHARE_MAX = 0.3;
/** Every second and third study of a colour has dashes; solid lines come first. */
const COLOURS = 6;
const DASHES = [[], [6, 3], [2, 3]] as const;

/** Returns the comparison of studies. A study without a completed trial has no line. */
export function studiesPlot(compared: readonly ComparedStudy[], view: View): Scene {
  const studies = compared
    .map((each, place) => ({ ...each, place, steps: bestSoFar(each) }))
    .filter(({ steps }) => steps.length > 0);
  const framed = studiesFrame(studies, view);
  const labelRoom = view.size.width - framed.plot.x - framed.plot.width - LABEL_GAP;
  return {
    size: view.size,
    title: `${metricOf(studies, view)} · ${view.reader.words.bestSoFar}`,
    description: studies.map((each) => summaryOf(each, view)).join(", "),
    plot: framed.plot,
    marks: [
      ...framed.marks,
      ...studies.map((each) => lineOf(each, framed)),
      ...endLabels(
        studies.map((each) => ({
          text: fitted(each.study.id, labelRoom),
          x: framed.x.at(each.trials.length) + LABEL_GAP,
          y: framed.y.at(bestOf(each)),
          role: seriesRole(each.place),
        })),
        framed.plot,
      ),
    ],
    targets: targetsOf(studies.flatMap((each) => stepTargets(each, framed, view))),
    table: () => studiesTable(studies, view),
  };
}

function studiesFrame(studies: readonly StudySteps[], view: View): Frame<number, number> {
  const { size, reader } = view;
  const objectives = studies.flatMap(({ steps }) => steps.map(({ objective }) => objective));
  const most = Math.max(2, ...studies.map(({ trials }) => trials.length));
  const labels = Math.max(0, ...studies.map(({ study }) => textWidth(study.id)));
  return frame({
    size,
    x: numberAxis({ label: reader.words.trials, domain: { low: 1, high: most }, whole: true, reader }),
    y: numberAxis({
      label: metricOf(studies, view),
      domain: padded(domainOf(objectives), DOMAIN_MARGIN),
      spacing: 44,
      reader,
    }),
    right: Math.min(size.width * LABEL_SHARE_MAX, labels + LABEL_GAP) + LABEL_GAP,
  });
}

/** Returns the metric of the studies, or the word for an objective if they differ. */
function metricOf(studies: readonly ComparedStudy[], { reader }: View): string {
  const metrics = new Set(studies.map(({ study }) => study.objectiveMetric));
  const [metric] = metrics;
  return metric !== undefined && metrics.size === 1 ? metric : reader.words.objective;
}

function bestOf({ steps }: StudySteps): number {
  return steps.at(-1)?.objective ?? Number.NaN;
}

function lineOf({ place, steps, trials }: StudySteps, { x, y }: Frame<number, number>): Mark {
  const points = steps.flatMap(({ index, objective }, step) => {
    const end = steps[step + 1]?.index ?? trials.length - 1;
    return [x.at(index + 1), y.at(objective), x.at(end + 1), y.at(objective)];
  });
  const dash = DASHES[Math.floor(place / COLOURS) % DASHES.length] ?? [];
  return { kind: "line", points, stroke: seriesRole(place), lineWidth: 2, dash };
}

function stepTargets({ study, trials, steps }: StudySteps, { x, y }: Frame<number, number>, { reader }: View) {
  return steps.map(({ index, objective }): { box: ReturnType<typeof boxAt>; target: Target } => {
    const box = boxAt(x.at(index + 1), y.at(objective));
    const figure = `${study.objectiveMetric} ${reader.number(objective)}`;
    return {
      box,
      target: {
        key: study.id,
        lines: [study.id, `${reader.words.trial} ${trials[index]?.id ?? ""}`, figure],
        marks: [{ kind: "symbol", shape: "circle", points: [box.x, box.y], radius: 4, fill: "ink", stroke: "surface" }],
      },
    };
  });
}

function summaryOf(each: StudySteps, { reader }: View): string {
  const { words } = reader;
  const count = reader.count(each.trials.length, words.trial, words.trials);
  return `${each.study.id}: ${count}, ${words.best} ${reader.number(bestOf(each))}`;
}

function studiesTable(studies: readonly StudySteps[], view: View): Table {
  const { words } = view.reader;
  return {
    columns: [words.study, words.trial, words.bestSoFar],
    rows: studies.flatMap(({ study, trials, steps }) =>
      steps.map(({ index, objective }) => [study.id, trials[index]?.id ?? "", objective]),
    ),
  };
}
