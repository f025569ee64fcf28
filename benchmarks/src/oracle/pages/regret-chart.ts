// Charts of regret over the number of trials, with one panel for each function.

import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { RegretResult } from "../regret.js";
import { PEER_COUNTS, PEERS_PARALLEL, PEERS_SEQUENTIAL } from "./peers.js";

/** A data row of a chart. */
interface Mark {
  readonly function: string;
  readonly who: string;
  readonly trials: number;
  readonly median: number;
  readonly lower?: number;
  readonly upper?: number;
}

const NAMES: Readonly<Record<string, string>> = {
  bayesian: "Sintonia",
  "keras-tuner": "KerasTuner's algorithm",
  random: "random search",
};
const PEER = "best of Optuna (GP, TPE), KerasTuner";
const COLOURS: Readonly<Record<string, string>> = {
  Sintonia: "#0b62b0",
  "KerasTuner's algorithm": "#c9561a",
  "random search": "#8a8a8a",
  [PEER]: "#1a1a1a",
};
/**
 * Lower limit of a drawn regret: differences below do not matter, and a logarithmic axis has no
 * zero.
 */
const REGRET_MIN = 1e-7;
const PANEL = { width: 170, height: 130 };

/**
 * Draws medians as lines, quartiles of the Bayesian oracle as a band, and medians of the best peer
 * as points.
 *
 * @param results - results of one number of parallel trials, all shifted or all unshifted
 * @returns an SVG document; the same results give the same text
 */
export async function regretChart(results: readonly RegretResult[]): Promise<string> {
  const { spec } = compile(chart([...results.flatMap(curve), ...peers(results)]));
  const view = new View(parse(spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

function curve({ function: name, oracle, at }: RegretResult): Mark[] {
  return at.map(({ trials, regret: { lower, median, upper } }) => ({
    function: name,
    who: NAMES[oracle] ?? oracle,
    trials,
    median: shown(median),
    ...(oracle === "bayesian" && { lower: shown(lower), upper: shown(upper) }),
  }));
}

function peers(results: readonly RegretResult[]): Mark[] {
  const own = results.filter(({ oracle }) => oracle === "bayesian");
  return own.flatMap(({ function: name, parallel }) =>
    ((parallel === 1 ? PEERS_SEQUENTIAL : PEERS_PARALLEL)[name] ?? []).map((median, i) => ({
      function: name,
      who: PEER,
      trials: PEER_COUNTS[i] as number,
      median: shown(median),
    })),
  );
}

function shown(regret: number): number {
  return Math.max(REGRET_MIN, regret);
}

function chart(marks: readonly Mark[]): TopLevelSpec {
  const trials = { field: "trials", type: "quantitative", title: "completed trials" } as const;
  const regret = { type: "quantitative", scale: { type: "log", nice: false }, title: "regret" } as const;
  const domain = Object.keys(COLOURS).filter((name) => marks.some(({ who }) => who === name));
  const color = {
    field: "who",
    type: "nominal",
    scale: { domain, range: domain.map((who) => COLOURS[who] as string) },
    legend: {
      orient: "bottom",
      title: null,
      labelLimit: 400,
      symbolType: "stroke",
      symbolStrokeWidth: 3,
      symbolOpacity: 1,
    },
  } as const;
  const isPeer = { field: "who", equal: PEER };
  return {
    background: "white",
    padding: 8,
    data: { values: [...marks] },
    facet: { field: "function", type: "nominal", title: null, header: { labelFontSize: 12, labelFontWeight: "bold" } },
    columns: 4,
    resolve: { scale: { y: "independent" } },
    config: { axis: { gridColor: "#eeeeee", labelFontSize: 10, titleFontSize: 10 } },
    spec: {
      ...PANEL,
      layer: [
        {
          transform: [{ filter: "isValid(datum.lower)" }],
          mark: { type: "area", opacity: 0.2 },
          encoding: { x: trials, y: { field: "lower", ...regret }, y2: { field: "upper" }, color },
        },
        {
          transform: [{ filter: { not: isPeer } }],
          mark: { type: "line", strokeWidth: 1.8 },
          encoding: { x: trials, y: { field: "median", ...regret, axis: { format: "~g", tickCount: 5 } }, color },
        },
        {
          transform: [{ filter: isPeer }],
          mark: { type: "point", shape: "diamond", filled: true, size: 45 },
          encoding: { x: trials, y: { field: "median", ...regret }, color },
        },
      ],
    },
  };
}
