// The front of a study: its completed trials by two outcomes, the regions beyond the limits, and
// the trials that no other one within the limits beats.

import { Goal, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { type Frame, frame } from "../../chart/axis/frame.js";
import type { LegendItem } from "../../chart/axis/legend.js";
import { type Domain, domainOf, numberAxis, padded } from "../../chart/axis/number-axis.js";
import type { Mark, Scene } from "../../chart/scene/scene.js";
import { robustDomain } from "../data/robust-domain.js";
import type { Sign } from "../data/state-sign.js";
import type { View } from "../data/study-data.js";
import { frontTable, frontTargets } from "./front-figures.js";
import { intervalMarks, limitMarks, stepLine } from "./front-marks.js";
import {
  type Aim,
  type AimedFigures,
  brokenLimits,
  frontIds,
  outcomeOf,
  type StudyAims,
  trialsWithOutcomes,
  undominated,
} from "./outcomes.js";

/** What a picture of a front shows. */
export interface FrontInput {
  readonly study: AimedFigures;
  readonly aims: StudyAims;
  /** Trials by number. */
  readonly trials: readonly Trial[];
  /** Names of the outcomes on the axes, two different ones. */
  readonly x: string;
  readonly y: string;
}

/** A completed trial on the plot, in pixels. */
export interface PlacedOutcome {
  readonly trial: Trial;
  readonly x: number;
  readonly y: number;
  readonly isAllowed: boolean;
  readonly isOnFront: boolean;
}

const DOMAIN_MARGIN = 0.07;
const RADIUS = 4;
const FRONT_RADIUS = 5;
const PICK_RADIUS = 7;

/** Returns the picture of a front. */
export function frontPlot(input: FrontInput, view: View): Scene {
  const { study, aims, x, y } = input;
  const framed = frontFrame(input, view);
  const placed = placedTrials(input, framed);
  const front = placed.filter(({ isOnFront }) => isOnFront);
  return {
    size: view.size,
    title: `${view.reader.words.front} · ${x}, ${y}`,
    description: descriptionOf(front.length, placed.length, view),
    plot: framed.plot,
    marks: [
      ...framed.marks,
      ...limitMarks(aims.limits, input, framed),
      ...lineOf(front, input, framed),
      ...intervalMarks(study.selection?.front ?? [], input, framed),
      ...symbols(placed, study.bestTrialId),
    ],
    targets: frontTargets(placed, aims, view),
    table: () => frontTable(placed, input, view),
  };
}

function frontFrame({ trials, aims, x, y }: FrontInput, { size, reader }: View): Frame<number, number> {
  const known = trialsWithOutcomes(trials, aims);
  const axis = (name: string, spacing?: number) =>
    numberAxis({
      label: `${name} ${arrowOf(name, aims)}`.trim(),
      domain: padded(outcomeDomain(known, name, aims), DOMAIN_MARGIN),
      reader,
      ...(spacing === undefined ? {} : { spacing }),
    });
  return frame({ size, x: axis(x), y: axis(y, 44), legend: legendOf(known, aims, { size, reader }) });
}

/** Says in which direction an objective is better. */
function arrowOf(name: string, { objectives }: StudyAims): string {
  const goal = objectives.find(({ metric }) => metric === name)?.goal;
  if (goal === undefined) return "";
  return goal === Goal.MINIMIZE ? "↓" : "↑";
}

/** Returns the values of an outcome, and its limits where they are not far beyond the values. */
function outcomeDomain(trials: readonly Trial[], name: string, { objectives, limits }: StudyAims): Domain {
  const values = trials.map((trial) => outcomeOf(trial, name));
  const goal = objectives.find(({ metric }) => metric === name)?.goal;
  const domain = goal === undefined ? domainOf(values) : robustDomain(values, goal);
  const extent = domain.high - domain.low;
  const near = limits.filter(
    (limit) => limit.name === name && limit.bound >= domain.low - extent && limit.bound <= domain.high + extent,
  );
  return domainOf([domain.low, domain.high, ...near.map(({ bound }) => bound)]);
}

function placedTrials(input: FrontInput, { plot, x, y }: Frame<number, number>): readonly PlacedOutcome[] {
  const { study, aims, trials } = input;
  const ids = frontIds(study, trials, aims);
  const within = (value: number, low: number, length: number) => Math.min(low + length, Math.max(low, value));
  return trialsWithOutcomes(trials, aims).map((trial) => ({
    trial,
    x: within(x.at(outcomeOf(trial, input.x)), plot.x, plot.width),
    y: within(y.at(outcomeOf(trial, input.y)), plot.y, plot.height),
    isAllowed: brokenLimits(trial, aims).length === 0,
    isOnFront: ids.has(trial.id),
  }));
}

/** The front of two objectives is a line; one of more objectives has no line in two of them. */
function lineOf(
  front: readonly PlacedOutcome[],
  { aims: { objectives }, x, y }: FrontInput,
  framed: Frame<number, number>,
): readonly Mark[] {
  const named = (name: string): Aim | undefined => objectives.find(({ metric }) => metric === name);
  const [xAim, yAim] = [named(x), named(y)];
  if (objectives.length !== 2 || xAim === undefined || yAim === undefined) return [];
  // Chosen by expected outcomes, a front may have trials that another one beats by measured ones.
  const best = new Set(
    undominated(
      front.map(({ trial }) => trial),
      objectives,
    ),
  );
  return stepLine(
    front.filter(({ trial }) => best.has(trial)),
    { x: xAim.goal, y: yAim.goal },
    framed,
  );
}

function symbols(placed: readonly PlacedOutcome[], pickId: string): readonly Mark[] {
  const pick = placed.filter(({ trial }) => trial.id === pickId);
  const others = placed.filter(({ trial }) => trial.id !== pickId);
  const marks: readonly (readonly [readonly PlacedOutcome[], Sign, number])[] = [
    [others.filter(({ isAllowed, isOnFront }) => !isAllowed && !isOnFront), OUTSIDE, RADIUS],
    [others.filter(({ isAllowed, isOnFront }) => isAllowed && !isOnFront), WITHIN, RADIUS],
    [others.filter(({ isOnFront }) => isOnFront), ON_FRONT, FRONT_RADIUS],
    [pick, PICK, PICK_RADIUS],
  ];
  return marks.flatMap(([group, sign, radius]): Mark[] =>
    group.length === 0 ? [] : [{ kind: "symbol", radius, points: group.flatMap(({ x, y }) => [x, y]), ...sign }],
  );
}

const OUTSIDE = { shape: "triangle", fill: "surface", stroke: "infeasible", lineWidth: 1.5 } as const;
const WITHIN = { shape: "circle", fill: "completed", stroke: "surface", opacity: 0.6 } as const;
const ON_FRONT = { shape: "circle", fill: "best", stroke: "surface" } as const;
const PICK = { shape: "star", fill: "best", stroke: "ink" } as const;

function legendOf(trials: readonly Trial[], aims: StudyAims, { reader: { words } }: View): readonly LegendItem[] {
  const isBroken = trials.some((trial) => brokenLimits(trial, aims).length > 0);
  return [
    { text: words.front, sign: ON_FRONT },
    { text: words.picked, sign: PICK },
    { text: words.otherTrials, sign: WITHIN },
    ...(isBroken ? [{ text: words.outsideLimits, sign: OUTSIDE }] : []),
  ];
}

function descriptionOf(front: number, all: number, { reader }: View): string {
  const { words } = reader;
  if (all === 0) return `${words.noData}.`;
  return `${words.front}: ${reader.count(front, words.trial, words.trials)} / ${all}.`;
}
