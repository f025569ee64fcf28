// The executions of a trial: the objective of each, their mean, and their standard deviation.

import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { frame } from "../../chart/axis/frame.js";
import { domainOf, numberAxis, padded } from "../../chart/axis/number-axis.js";
import { boxAt, type Mark, type Scene, targetsOf } from "../../chart/scene/scene.js";
import type { View } from "../data/study-data.js";

/** What a plot of executions shows. */
export interface ExecutionsInput {
  readonly metric: string;
  readonly trial: Pick<Trial, "id" | "objective" | "executionObjectives" | "executionDeviation">;
}

const RADIUS = 4.5;
const DOMAIN_MARGIN = 0.15;

/** Returns the executions of a trial. */
export function executionsPlot({ metric, trial }: ExecutionsInput, { size, reader }: View): Scene {
  const { words } = reader;
  const { executionObjectives: objectives, objective: mean, executionDeviation: deviation = 0 } = trial;
  const band = mean === undefined ? [] : [mean - deviation, mean + deviation];
  const { plot, x, y, marks } = frame({
    size,
    x: numberAxis({ label: words.execution, domain: { low: 0.5, high: objectives.length + 0.5 }, whole: true, reader }),
    y: numberAxis({
      label: metric,
      domain: padded(domainOf([...objectives, ...band]), DOMAIN_MARGIN),
      spacing: 44,
      reader,
    }),
    legend:
      mean === undefined
        ? []
        : [
            {
              text: `${words.mean} ± ${reader.number(deviation, 2)}`,
              sign: { shape: "line", stroke: "model", lineWidth: 2 },
            },
          ],
  });
  const points = objectives.map((value, index) => ({ value, index, x: x.at(index + 1), y: y.at(value) }));
  const width = plot.width;
  const bandMarks: readonly Mark[] =
    mean === undefined
      ? []
      : [
          {
            kind: "rect",
            x: plot.x,
            y: y.at(mean + deviation),
            width,
            height: y.at(mean - deviation) - y.at(mean + deviation),
            fill: "model",
            opacity: 0.14,
          },
          { kind: "line", points: [plot.x, y.at(mean), plot.x + width, y.at(mean)], stroke: "model", lineWidth: 2 },
        ];
  return {
    size,
    title: `${words.trialNumber} ${trial.id} · ${words.execution}`,
    description: `${metric}: ${objectives.map((value) => reader.number(value)).join(", ")}.`,
    plot,
    marks: [
      ...marks,
      ...bandMarks,
      {
        kind: "symbol",
        shape: "circle",
        points: points.flatMap((point) => [point.x, point.y]),
        radius: RADIUS,
        fill: "completed",
        stroke: "surface",
      },
    ],
    targets: targetsOf(
      points.map((point) => ({
        box: boxAt(point.x, point.y),
        target: {
          key: String(point.index),
          lines: [`${words.execution} ${point.index + 1}`, `${metric} ${reader.number(point.value)}`],
          marks: [
            { kind: "symbol", shape: "circle", points: [point.x, point.y], radius: 8, stroke: "ink", lineWidth: 1.5 },
          ],
        },
      })),
    ),
    table: () => ({ columns: [words.execution, metric], rows: points.map(({ index, value }) => [index + 1, value]) }),
  };
}
