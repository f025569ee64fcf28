import { Goal, type ParameterValue, type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import type { Size } from "../../chart/scene/scene.js";
import type { Reader } from "../../text/reader.js";

/** The part of a study that plots need. */
export type StudyFigures = Pick<Study, "id" | "objectiveMetric" | "goal" | "bestTrialId" | "selection" | "specJson">;

/** For whom, and how large, a plot is drawn. */
export interface View {
  readonly size: Size;
  readonly reader: Reader;
}

/** A value of a parameter without its protobuf wrapping. */
export type Value = number | string | boolean;

const STATE_NAMES: ReadonlyMap<TrialState, string> = new Map(
  Object.entries(TrialState)
    .filter(([, state]) => state > TrialState.UNSPECIFIED)
    .map(([name, state]) => [state, name.toLowerCase()]),
);

/**
 * Returns the name of a trial's state in English and lower case. A state that a later version adds
 * is "unknown".
 */
export function stateName(state: TrialState): string {
  return STATE_NAMES.get(state) ?? "unknown";
}

/** Returns the name of a trial's state in the reader's language. */
export function stateText(state: TrialState, reader: Reader): string {
  return reader.words.states[stateName(state)] ?? stateName(state);
}

/** Returns the objective of a completed trial, or the metric of the latest epoch of another one. */
export function figureOf(trial: Trial, metric: string): number | undefined {
  const figure = trial.objective ?? trial.latest?.metrics[metric];
  return figure !== undefined && Number.isFinite(figure) ? figure : undefined;
}

/** Returns the objective of a trial if it is finite. */
export function objectiveOf(trial: Trial): number | undefined {
  return trial.objective !== undefined && Number.isFinite(trial.objective) ? trial.objective : undefined;
}

/** Returns true if the first objective is better. */
export function isBetter(goal: Goal, a: number, b: number): boolean {
  return goal === Goal.MINIMIZE ? a < b : a > b;
}

/** Returns a value without its wrapping; undefined for a kind that this version does not know. */
export function plainValue(value: ParameterValue | undefined): Value | undefined {
  return value?.kind?.value;
}

/** Returns a value as text: numbers in the reader's notation. */
export function valueText(value: Value, reader: Reader): string {
  if (typeof value === "number") return reader.number(value);
  return typeof value === "boolean" ? (value ? reader.words.yes : reader.words.no) : value;
}

/** Returns the lines of a tooltip for a trial: its name and state, its figure, its values. */
export function trialLines(trial: Trial, metric: string, reader: Reader): readonly string[] {
  const { words } = reader;
  const figure = figureOf(trial, metric);
  const values = Object.entries(trial.values).flatMap(([name, wrapped]) => {
    const value = plainValue(wrapped);
    return value === undefined ? [] : [`${name} ${valueText(value, reader)}`];
  });
  const isEnded = trial.objective !== undefined;
  return [
    `${words.trialNumber} ${trial.id} · ${stateText(trial.state, reader)}`,
    ...(figure === undefined ? [] : [`${metric} ${reader.number(figure)}${isEnded ? "" : ` (${words.latest})`}`]),
    ...values,
  ];
}
