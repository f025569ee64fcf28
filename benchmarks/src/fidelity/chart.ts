// The chart of docs/oracle/fidelity.md: mean regret over epochs, a panel for each problem.

import { mean } from "@sintonia/tuning/numeric/vector";
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { budgetOf, type FidelityResult, OTHERS, OWN, PROBLEM_NAMES, regretsAt } from "./record.js";
import { CHECKPOINTS } from "./study.js";

const COLOURS = {
  none: "#8a8a8a",
  asha: "#0b62b0",
  hyperband: "#1f9e89",
  curve: "#7b3294",
  "Optuna TPE + Hyperband": "#c9561a",
  "SMAC HyperbandFacade": "#e0a100",
  "SMAC MultiFidelityFacade": "#a36a00",
  "Syne Tune ASHA": "#d4145a",
  "Syne Tune BOHB": "#7a0c34",
} as const;

/** Draws the means of each contestant. Returns an SVG document; equal results give equal text. */
export async function fidelityChart(results: readonly FidelityResult[]): Promise<string> {
  const view = new View(parse(compile(chart(marksOf(results))).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

function marksOf(results: readonly FidelityResult[]): object[] {
  const lines = [
    ...OWN.map(({ name, settings }) => ({ name, who: settings.pruner as string, kind: kindOf(settings.evidence) })),
    ...OTHERS.map(({ name }) => ({ name, who: name, kind: "final results" })),
  ];
  return PROBLEM_NAMES.flatMap((problem) =>
    lines.flatMap(({ name, who, kind }) =>
      Array.from({ length: CHECKPOINTS }, (_, checkpoint) => {
        const regrets = regretsAt(results, name, { problem, checkpoint });
        const epochs = ((checkpoint + 1) * budgetOf(problem)) / CHECKPOINTS;
        return regrets.length === 0 ? [] : [{ problem, who, kind, epochs, regret: mean(regrets) }];
      }).flat(),
    ),
  );
}

function kindOf(evidence: "final" | "fidelity"): string {
  return evidence === "final" ? "final results" : "fidelity";
}

function chart(values: object[]): TopLevelSpec {
  return {
    background: "white",
    padding: 8,
    data: { values },
    facet: { field: "problem", type: "nominal", title: null, sort: PROBLEM_NAMES, header: { labelFontSize: 12 } },
    columns: 2,
    resolve: { scale: { x: "independent", y: "independent" } },
    config: { axis: { gridColor: "#eeeeee", labelFontSize: 10, titleFontSize: 10 } },
    spec: {
      ...{ width: 330, height: 200 },
      mark: { type: "line", strokeWidth: 1.6 },
      encoding: {
        x: { field: "epochs", type: "quantitative", title: "epochs of all trials" },
        y: { field: "regret", type: "quantitative", title: "mean regret", axis: { format: "~g", tickCount: 5 } },
        color: {
          field: "who",
          type: "nominal",
          scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
          legend: { title: null, symbolType: "stroke", symbolStrokeWidth: 3 },
        },
        strokeDash: {
          field: "kind",
          type: "nominal",
          scale: {
            domain: ["fidelity", "final results"],
            range: [
              [1, 0],
              [4, 3],
            ],
          },
          legend: { title: null, symbolType: "stroke", symbolStrokeWidth: 2 },
        },
      },
    },
  };
}
