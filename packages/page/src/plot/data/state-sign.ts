import type { TrialState } from "@sintonia/proto/sintonia/v1/study";
import type { LegendItem } from "../../chart/axis/legend.js";
import type { Paint, Shape } from "../../chart/scene/scene.js";
import type { Reader } from "../../text/reader.js";
import { stateName, stateText } from "./study-data.js";

/** The form and the colours of a state. No two states have the same form. */
export type Sign = { readonly shape: Shape } & Paint;

const SIGNS: Readonly<Record<string, Sign>> = {
  completed: { shape: "circle", fill: "completed", stroke: "surface" },
  running: { shape: "circle", fill: "surface", stroke: "running", lineWidth: 2 },
  pruned: { shape: "diamond", fill: "surface", stroke: "pruned", lineWidth: 1.5 },
  paused: { shape: "square", fill: "pruned", stroke: "surface" },
  failed: { shape: "cross", stroke: "failed", lineWidth: 2 },
  infeasible: { shape: "triangle", fill: "surface", stroke: "infeasible", lineWidth: 1.5 },
  cancelled: { shape: "square", fill: "surface", stroke: "cancelled", lineWidth: 1.5 },
  queued: { shape: "plus", stroke: "queued", lineWidth: 1.5 },
  leased: { shape: "caret", fill: "surface", stroke: "running", lineWidth: 1.5 },
};

const OTHER: Sign = { shape: "diamond", fill: "other", stroke: "surface" };

/** Returns the sign of a state. States of later versions share one. */
export function stateSign(state: TrialState): Sign {
  return SIGNS[stateName(state)] ?? OTHER;
}

/** Returns a legend item for each of the states, each once, by their order in a trial's life. */
export function stateLegend(states: Iterable<TrialState>, reader: Reader): readonly LegendItem[] {
  const ordered = [...new Set(states)].sort((a, b) => a - b);
  return ordered.map((state) => ({ text: stateText(state, reader), sign: stateSign(state) }));
}
