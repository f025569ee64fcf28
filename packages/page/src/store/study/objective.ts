import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { ParameterValue } from "@sintonia/proto/sintonia/v1/study";
import type { Reader } from "../../text/reader.js";

/** Returns the text of a parameter's value. */
export function valueText(value: ParameterValue | undefined, reader: Reader): string {
  switch (value?.kind?.$case) {
    case "doubleValue":
    case "integerValue":
      return reader.number(value.kind.value);
    case "booleanValue":
      return value.kind.value ? reader.words.yes : reader.words.no;
    case "categoricalValue":
      return value.kind.value;
    default:
      return "–";
  }
}

/** Returns the value for sorting: numbers by size, words by their letters. */
export function sortValue(value: ParameterValue | undefined): number | string | undefined {
  const plain = value?.kind?.value;
  return typeof plain === "boolean" ? Number(plain) : plain;
}

/** Returns the objective of a trial, with the deviation of its executions if there were several. */
export function objectiveText(trial: Trial, reader: Reader): string {
  const { objective, executionDeviation, executionObjectives } = trial;
  if (objective === undefined) return "–";
  const deviation =
    executionDeviation === undefined
      ? ""
      : ` ± ${reader.number(executionDeviation, 2)} (${executionObjectives.length})`;
  return reader.number(objective) + deviation;
}

/** Returns a number as text; a dash for none. */
export function numberText(value: number | undefined, reader: Reader): string {
  return value === undefined ? "–" : reader.number(value);
}

/** Returns the latest value of the objective of a trial that has not ended. */
export function latestObjective({ objectiveMetric }: Study, { latest }: Trial): number | undefined {
  return latest?.metrics[objectiveMetric];
}

/** Returns the names of all parameters that trials have, in the order of the spec. */
export function parameterNames(study: Pick<Study, "specJson">, trials: Iterable<Trial>): string[] {
  const names = new Set(Object.keys(spaceOf(study)));
  for (const { values } of trials) for (const name of Object.keys(values)) names.add(name);
  return [...names];
}

/** A parameter of a spec, as far as the page reads it. */
export interface SpecParameter {
  readonly type: "double" | "integer" | "categorical" | "boolean" | "fixed";
  readonly min?: number;
  readonly max?: number;
  readonly scale?: string;
  readonly values?: readonly (number | string | boolean)[];
  readonly when?: Readonly<Record<string, unknown>>;
}

/** Returns the search space of a spec; empty while the spec is unknown. */
export function spaceOf({ specJson }: Pick<Study, "specJson">): Readonly<Record<string, SpecParameter>> {
  if (specJson === "") return {};
  return (JSON.parse(specJson) as { parameters?: Record<string, SpecParameter> }).parameters ?? {};
}

/**
 * Returns the value that a text means for a parameter.
 *
 * @returns undefined if the text is empty or means no value of the parameter's type
 */
export function parsedValue(parameter: SpecParameter, text: string): ParameterValue | undefined {
  if (text.trim() === "") return undefined;
  const { type, values } = parameter;
  if (type === "boolean")
    return ParameterValue.fromPartial({ kind: { $case: "booleanValue", value: text === "true" } });
  const isNumeric = type === "double" || type === "integer" || typeof values?.[0] === "number";
  if (!isNumeric) return ParameterValue.fromPartial({ kind: { $case: "categoricalValue", value: text } });
  const value = Number(text.replace(",", "."));
  return Number.isFinite(value) ? ParameterValue.fromPartial({ kind: { $case: "doubleValue", value } }) : undefined;
}
