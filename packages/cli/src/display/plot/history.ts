import type { HistoryPoint } from "../../study/figures/history.js";
import { sentences } from "../format/label.js";
import type { Layout } from "../format/layout.js";
import { pictureLines } from "./picture.js";

/** Returns a picture of the completed trials by number, with the best objective up to each. */
export function historyLines(metric: string, history: readonly HistoryPoint[], layout: Layout): string[] {
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last === undefined) return ["No trial has completed yet."];
  const placed = history.map((point, i) => ({ ...point, x: history.length < 2 ? 0 : i / (history.length - 1) }));
  return [
    ...pictureLines(
      {
        title: `${metric} by trial`,
        series: [
          { kind: "steps", sign: "-", ink: "green", points: placed.map(({ x, best }) => ({ x, y: best })) },
          { kind: "points", sign: "o", points: placed.map(({ x, objective }) => ({ x, y: objective })) },
        ],
        ends: [`trial ${first.trial}`, `trial ${last.trial}`],
      },
      layout,
    ),
    ...sentences(["", "o  a completed trial", "-  the best so far"], layout),
  ];
}
