import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { group } from "d3-array";
import { boxAt, type Mark, type Targets, targetsOf } from "../../chart/scene/scene.js";
import { stateSign } from "./state-sign.js";
import { type StudyFigures, trialLines, type View } from "./study-data.js";

/** A trial with its place on a plot, in pixels. */
export interface PlacedTrial {
  readonly trial: Trial;
  readonly x: number;
  readonly y: number;
}

/** Radius of the symbol of a trial in pixels. */
export const TRIAL_RADIUS = 4;
const BEST_RADIUS = 6;
const RING_RADIUS = 8;

/** Returns a mark for each state, however many trials there are, and the best trial above them. */
export function trialMarks(placed: readonly PlacedTrial[], { bestTrialId }: StudyFigures): readonly Mark[] {
  const byState = group(
    placed.filter(({ trial }) => trial.id !== bestTrialId),
    ({ trial }) => trial.state,
  );
  const states = [...byState].map(([state, trials]): Mark => {
    return { kind: "symbol", points: pointsOf(trials), radius: TRIAL_RADIUS, ...stateSign(state) };
  });
  const best = pointsOf(placed.filter(({ trial }) => trial.id === bestTrialId));
  const star: Mark = {
    kind: "symbol",
    shape: "star",
    points: best,
    radius: BEST_RADIUS,
    fill: "best",
    stroke: "surface",
  };
  return best.length === 0 ? states : [...states, star];
}

/** Returns the trials as targets: a ring, and the lines of a trial. */
export function trialTargets(placed: readonly PlacedTrial[], study: StudyFigures, { reader }: View): Targets {
  const known = targetsOf(
    placed.map(({ trial, x, y }) => ({ box: boxAt(x, y), target: { key: trial.id, lines: [], marks: [] } })),
  );
  return {
    ...known,
    at: (index) => {
      const each = placed[index];
      if (each === undefined) return known.at(index);
      const ring: Mark = {
        kind: "symbol",
        shape: "circle",
        points: [each.x, each.y],
        radius: RING_RADIUS,
        stroke: "ink",
        lineWidth: 1.5,
      };
      return { key: each.trial.id, lines: trialLines(each.trial, study.objectiveMetric, reader), marks: [ring] };
    },
  };
}

function pointsOf(placed: readonly PlacedTrial[]): Float64Array {
  const points = new Float64Array(placed.length * 2);
  placed.forEach(({ x, y }, index) => {
    points[2 * index] = x;
    points[2 * index + 1] = y;
  });
  return points;
}
