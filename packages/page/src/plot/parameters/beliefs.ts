import type { GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Frame } from "../../chart/axis/frame.js";
import type { Mark } from "../../chart/scene/scene.js";
import { plainValue, type Value } from "../data/study-data.js";

/** The surrogate's estimate of the objective at a value of a parameter. */
export interface BeliefAt {
  readonly value: Value;
  readonly mean: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

const BAND_OPACITY = 0.18;
const BAR_WIDTH = 22;

/** Returns the estimates along a slice. */
export function beliefsOf({ first, mean, low, high }: GetSurrogateResponse): readonly BeliefAt[] {
  return first.flatMap((wrapped, index) => {
    const value = plainValue(wrapped);
    const [middle, lower, upper] = [mean[index], low[index], high[index]];
    if (value === undefined || middle === undefined || lower === undefined || upper === undefined) return [];
    return [{ value, mean: middle, low: lower, high: upper }];
  });
}

/** Returns the band and the line of the estimates; for separate values, bars and short lines. */
export function beliefMarks(
  beliefs: readonly BeliefAt[],
  framed: Frame<Value, number>,
  isContinuous: boolean,
): readonly Mark[] {
  const { plot, x, y } = framed;
  const at = (value: number): number => Math.min(plot.y + plot.height, Math.max(plot.y, y.at(value)));
  if (!isContinuous) return beliefs.flatMap((belief) => barMarks(belief, x.at(belief.value), at));
  const upper = beliefs.flatMap(({ value, high }) => [x.at(value), at(high)]);
  const lower = [...beliefs].reverse().flatMap(({ value, low }) => [x.at(value), at(low)]);
  const middle = beliefs.flatMap(({ value, mean }) => [x.at(value), at(mean)]);
  return [
    { kind: "area", points: [...upper, ...lower], fill: "model", opacity: BAND_OPACITY },
    { kind: "line", points: middle, stroke: "model", lineWidth: 2 },
  ];
}

function barMarks({ mean, low, high }: BeliefAt, x: number, at: (value: number) => number): readonly Mark[] {
  const left = x - BAR_WIDTH / 2;
  const [top, bottom, middle] = [at(high), at(low), at(mean)];
  return [
    { kind: "rect", x: left, y: top, width: BAR_WIDTH, height: bottom - top, fill: "model", opacity: BAND_OPACITY },
    { kind: "line", points: [left, middle, left + BAR_WIDTH, middle], stroke: "model", lineWidth: 2 },
  ];
}
