// What a picture of a front says about its trials: tooltips and a table.

import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { boxAt, type Mark, type Targets, targetsOf } from "../../chart/scene/scene.js";
import type { Table } from "../../chart/scene/table.js";
import { plainValue, type View, valueText } from "../data/study-data.js";
import { type AimedFigures, brokenLimits, outcomeOf, type StudyAims } from "./outcomes.js";

/** A trial on the plot. */
interface Placed {
  readonly trial: Trial;
  readonly x: number;
  readonly y: number;
  readonly isAllowed: boolean;
  readonly isOnFront: boolean;
}

const RING_RADIUS = 9;

/** Returns the trials as targets: a ring, all outcomes, broken limits, and the values. */
export function frontTargets(placed: readonly Placed[], aims: StudyAims, view: View): Targets {
  return targetsOf(
    placed.map((each) => {
      const { trial, x, y } = each;
      const ring: Mark = {
        kind: "symbol",
        shape: "circle",
        points: [x, y],
        radius: RING_RADIUS,
        stroke: "ink",
        lineWidth: 1.5,
      };
      return { box: boxAt(x, y), target: { key: trial.id, lines: linesOf(each, aims, view), marks: [ring] } };
    }),
  );
}

function linesOf({ trial, isOnFront }: Placed, aims: StudyAims, { reader }: View): readonly string[] {
  const { words } = reader;
  const broken = brokenLimits(trial, aims);
  const values = Object.entries(trial.values).flatMap(([name, wrapped]) => {
    const value = plainValue(wrapped);
    return value === undefined ? [] : [`${name} ${valueText(value, reader)}`];
  });
  return [
    `${words.trialNumber} ${trial.id}${isOnFront ? ` · ${words.front}` : ""}`,
    ...aims.names.map((name) => `${name} ${reader.number(outcomeOf(trial, name))}`),
    ...broken.map(({ text }) => `${words.outsideLimits}: ${text}`),
    ...values,
  ];
}

/** Returns each trial with all outcomes, and its place beside the limits and the front. */
export function frontTable(
  placed: readonly Placed[],
  { study, aims }: { readonly study: AimedFigures; readonly aims: StudyAims },
  { reader }: View,
): Table {
  const { words } = reader;
  const placeOf = ({ trial, isAllowed, isOnFront }: Placed): string => {
    if (trial.id === study.bestTrialId && isOnFront) return words.picked;
    if (isOnFront) return words.front;
    return isAllowed ? "" : words.outsideLimits;
  };
  return {
    columns: [words.trial, ...aims.names, words.front],
    rows: placed.map((each) => [
      each.trial.id,
      ...aims.names.map((name) => outcomeOf(each.trial, name)),
      placeOf(each),
    ]),
  };
}
