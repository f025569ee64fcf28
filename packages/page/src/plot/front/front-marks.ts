import type { FrontTrial } from "@sintonia/proto/sintonia/v1/study";
import { Goal } from "@sintonia/proto/sintonia/v1/study";
import type { OutcomeLimit } from "@sintonia/tuning/objective/outcomes";
import type { Frame } from "../../chart/axis/frame.js";
import type { Mark } from "../../chart/scene/scene.js";

/** Names of the outcomes on the axes. */
export interface Axes {
  readonly x: string;
  readonly y: string;
}

type PlotFrame = Frame<number, number>;

/** Returns the regions beyond the limits of the outcomes on the axes, each with its border. */
export function limitMarks(limits: readonly OutcomeLimit[], axes: Axes, framed: PlotFrame): readonly Mark[] {
  return limits.flatMap((limit) => [
    ...(limit.name === axes.x ? beyondX(limit, framed) : []),
    ...(limit.name === axes.y ? beyondY(limit, framed) : []),
  ]);
}

function beyondX({ bound, comparison, text }: OutcomeLimit, { plot, x }: PlotFrame): readonly Mark[] {
  const [left, right] = [plot.x, plot.x + plot.width];
  const at = Math.min(right, Math.max(left, x.at(bound)));
  const [from, to] = comparison === "<=" ? [at, right] : [left, at];
  if (to - from < 1) return [];
  return [
    { kind: "rect", x: from, y: plot.y, width: to - from, height: plot.height, ...BEYOND },
    { kind: "line", points: [at, plot.y, at, plot.y + plot.height], ...BORDER },
    limitText(text, comparison === "<=" ? at - 5 : at + 5, plot.y + 10, comparison === "<=" ? "end" : "start"),
  ];
}

function beyondY({ bound, comparison, text }: OutcomeLimit, { plot, y }: PlotFrame): readonly Mark[] {
  const [top, bottom] = [plot.y, plot.y + plot.height];
  const at = Math.min(bottom, Math.max(top, y.at(bound)));
  const [from, to] = comparison === "<=" ? [top, at] : [at, bottom];
  if (to - from < 1) return [];
  return [
    { kind: "rect", x: plot.x, y: from, width: plot.width, height: to - from, ...BEYOND },
    { kind: "line", points: [plot.x, at, plot.x + plot.width, at], ...BORDER },
    limitText(text, plot.x + plot.width - 5, at + (comparison === "<=" ? 9 : -9), "end"),
  ];
}

const BEYOND = { fill: "infeasible", opacity: 0.1 } as const;
const BORDER = { stroke: "infeasible", dash: [4, 3] } as const;

function limitText(text: string, x: number, y: number, anchor: "start" | "end"): Mark {
  return { kind: "text", x, y, text, fill: "muted", anchor, baseline: "middle", halo: true };
}

/**
 * Returns the line between what the front has reached and what it has not: steps from point to
 * point, and on to the ends of the plot on the side of worse outcomes.
 *
 * @param points - undominated
 */
export function stepLine(
  points: readonly { readonly x: number; readonly y: number }[],
  goals: { readonly x: Goal; readonly y: Goal },
  { plot }: PlotFrame,
): readonly Mark[] {
  const [right, bottom] = [plot.x + plot.width, plot.y + plot.height];
  const worst = {
    x: goals.x === Goal.MINIMIZE ? right : plot.x,
    // Larger values are higher on the plot, at smaller pixels.
    y: goals.y === Goal.MINIMIZE ? plot.y : bottom,
  };
  const ordered = points.toSorted((a, b) => (goals.x === Goal.MINIMIZE ? a.x - b.x : b.x - a.x));
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) return [];
  const steps = ordered.flatMap((point, i) => {
    const before = ordered[i - 1];
    return before === undefined ? [point.x, point.y] : [point.x, before.y, point.x, point.y];
  });
  return [{ kind: "line", points: [first.x, worst.y, ...steps, worst.x, last.y], stroke: "best", lineWidth: 2 }];
}

/** Returns the 95 % intervals of the front's expected outcomes as crosses. */
export function intervalMarks(front: readonly FrontTrial[], axes: Axes, { plot, x, y }: PlotFrame): readonly Mark[] {
  const inX = (value: number) => Math.min(plot.x + plot.width, Math.max(plot.x, x.at(value)));
  const inY = (value: number) => Math.min(plot.y + plot.height, Math.max(plot.y, y.at(value)));
  const points = front.flatMap(({ outcomes }) => {
    const [ofX, ofY] = [axes.x, axes.y].map((axis) => outcomes.find(({ name }) => name === axis)?.expected);
    if (ofX === undefined || ofY === undefined) return [];
    const [middleX, middleY] = [inX(ofX.mean), inY(ofY.mean)];
    return [
      ...[inX(ofX.low), middleY, inX(ofX.high), middleY, Number.NaN, Number.NaN],
      ...[middleX, inY(ofY.low), middleX, inY(ofY.high), Number.NaN, Number.NaN],
    ];
  });
  return points.length === 0 ? [] : [{ kind: "line", points, stroke: "ink", opacity: 0.6 }];
}
