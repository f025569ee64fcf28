// The chart of docs/oracle/front.md: median hypervolume over ended trials, a panel per problem.

import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { quantile } from "../oracle/statistics.js";
import { FRONT_PARALLEL } from "./page.js";
import { FRONT_PROBLEMS } from "./problems/catalogue.js";
import { FRONT_SAMPLERS, type FrontResult, STEP, select } from "./record.js";

const NAMES = { sintonia: "Sintonia", gp: "Optuna GPSampler", nsga2: "Optuna NSGAIISampler" } as const;
const COLOURS = ["#0b62b0", "#1a1a1a", "#c9561a"];
const PANEL = { width: 170, height: 120 };

/** Draws the medians of each sampler. Returns an SVG document; equal results give equal text. */
export async function frontChart(results: readonly FrontResult[]): Promise<string> {
  const { spec } = compile(chart(marksOf(results)));
  const view = new View(parse(spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

function marksOf(results: readonly FrontResult[]): object[] {
  return Object.keys(FRONT_PROBLEMS).flatMap((problem) =>
    FRONT_PARALLEL.flatMap((parallel) =>
      FRONT_SAMPLERS.flatMap((sampler) => {
        const studies = select(results, { sampler, problem, parallel });
        if (studies.length === 0) return [];
        const panel = parallel === 1 ? problem : `${problem}, ${parallel} under way`;
        return (studies[0] as FrontResult).hypervolume.map((_, i) => ({
          panel,
          who: NAMES[sampler],
          trials: (i + 1) * STEP,
          median: quantile(
            studies.map(({ hypervolume }) => hypervolume[i] as number),
            0.5,
          ),
        }));
      }),
    ),
  );
}

function chart(values: object[]): TopLevelSpec {
  const panels = Object.keys(FRONT_PROBLEMS).flatMap((problem) => [problem, `${problem}, 8 under way`]);
  return {
    background: "white",
    padding: 8,
    data: { values },
    facet: { field: "panel", type: "nominal", title: null, sort: panels, header: { labelFontSize: 12 } },
    columns: 4,
    resolve: { scale: { y: "independent" } },
    config: { axis: { gridColor: "#eeeeee", labelFontSize: 10, titleFontSize: 10 } },
    spec: {
      ...PANEL,
      mark: { type: "line", strokeWidth: 1.8 },
      encoding: {
        x: { field: "trials", type: "quantitative", title: "ended trials" },
        y: { field: "median", type: "quantitative", title: "hypervolume", axis: { format: "~g", tickCount: 5 } },
        color: {
          field: "who",
          type: "nominal",
          scale: { domain: Object.values(NAMES), range: COLOURS },
          legend: { orient: "bottom", title: null, labelLimit: 400, symbolType: "stroke", symbolStrokeWidth: 3 },
        },
      },
    },
  };
}
