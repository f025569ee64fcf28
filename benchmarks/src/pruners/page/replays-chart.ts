import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { PrunerResult } from "../replay/measure.js";

/** Half-width of a 95 % interval, in standard errors. */
const INTERVAL = 1.96;
const PANEL = { width: 330, height: 230 };
const OURS = "#0b62b0";
const PEERS = "#c9561a";

/**
 * Draws extra regret over epochs, a panel for each set and number of trainers.
 *
 * @returns an SVG document; the same results give the same text
 */
export async function replaysChart(results: readonly PrunerResult[]): Promise<string> {
  const { spec } = compile(chart(marksOf(results.filter(({ pruner }) => pruner !== "none"))));
  const view = new View(parse(spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** Names alternate above and below the points of a panel, since neighbours are near. */
function marksOf(results: readonly PrunerResult[]) {
  const sorted = results.map(markOf).toSorted((a, b) => a.epochs - b.epochs);
  const counts = new Map<string, number>();
  return sorted.map((mark) => {
    const count = counts.get(mark.panel) ?? 0;
    counts.set(mark.panel, count + 1);
    return { ...mark, above: count % 2 === 0 };
  });
}

function markOf({ set, trainers, pruner, epochs, extraRegret: { mean, standardError } }: PrunerResult) {
  const half = INTERVAL * standardError;
  return {
    panel: `${set}, ${trainers} ${trainers === 1 ? "trainer" : "trainers"}`,
    pruner,
    who: /^[A-Z]/.test(pruner) ? "Optuna, Ray" : "Sintonia",
    epochs: 100 * epochs.mean,
    regret: 100 * mean,
    low: 100 * (mean - half),
    high: 100 * (mean + half),
  };
}

function chart(marks: ReturnType<typeof marksOf>): TopLevelSpec {
  const x = { field: "epochs", type: "quantitative", title: "epochs, % of those without a pruner" } as const;
  const title = "extra regret, percentage points";
  const y = { field: "regret", type: "quantitative", title } as const;
  const color = {
    field: "who",
    type: "nominal",
    scale: { domain: ["Sintonia", "Optuna, Ray"], range: [OURS, PEERS] },
    legend: { orient: "bottom", title: null, symbolOpacity: 1 },
  } as const;
  return {
    background: "white",
    padding: 8,
    data: { values: marks },
    facet: {
      field: "panel",
      type: "nominal",
      title: null,
      sort: null,
      header: { labelFontSize: 12, labelFontWeight: "bold" },
    },
    columns: 2,
    resolve: { scale: { x: "shared", y: "independent" } },
    config: { axis: { gridColor: "#eeeeee", labelFontSize: 10, titleFontSize: 10 } },
    spec: {
      ...PANEL,
      layer: [
        {
          mark: { type: "rule", opacity: 0.4 },
          encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
        },
        { mark: { type: "point", filled: true, size: 45, opacity: 1 }, encoding: { x, y, color } },
        ...[true, false].map((above) => ({
          transform: [{ filter: { field: "above", equal: above } }],
          mark: { type: "text", align: "left", dx: 5, dy: above ? -6 : 8, fontSize: 9 } as const,
          encoding: { x, y, color, text: { field: "pruner" } as const },
        })),
      ],
    },
  };
}
