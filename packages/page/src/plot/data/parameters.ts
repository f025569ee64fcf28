// The parameters of a study as its spec has them, and axes of their values.

import type { Axis, AxisMaker } from "../../chart/axis/axis.js";
import { categoryAxis } from "../../chart/axis/category-axis.js";
import { type AxisScale, numberAxis } from "../../chart/axis/number-axis.js";
import type { Reader } from "../../text/reader.js";
import { type Value, valueText } from "./study-data.js";

/** A parameter with numbers from a range. */
export interface NumberParameter {
  readonly kind: "number";
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly scale: AxisScale;
  readonly isWhole: boolean;
  /** Distance of neighbouring values, counted from `min`. */
  readonly step?: number;
  /** Ratio of neighbouring values, which replaces `step`. */
  readonly factor?: number;
}

/** A parameter with a list of values. */
export interface ListParameter {
  readonly kind: "list";
  readonly name: string;
  readonly values: readonly Value[];
}

/** A parameter with more than one value. */
export type StudyParameter = NumberParameter | ListParameter;

/** A parameter in the JSON of a spec. */
interface SpecParameter {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly scale?: AxisScale;
  readonly step?: number;
  readonly factor?: number;
  readonly values?: readonly Value[];
}

/**
 * Returns the parameters of a spec in its order, without those of a single value. Types of later
 * versions are left out.
 */
export function parametersOf(specJson: string): readonly StudyParameter[] {
  const spec: { readonly parameters?: Readonly<Record<string, SpecParameter>> } =
    specJson === "" ? {} : JSON.parse(specJson);
  return Object.entries(spec.parameters ?? {}).flatMap(([name, parameter]) => parameterOf(name, parameter) ?? []);
}

function parameterOf(name: string, { type, ...parts }: SpecParameter): StudyParameter | undefined {
  if (type === "boolean") return { kind: "list", name, values: [false, true] };
  if (type === "categorical" && (parts.values?.length ?? 0) > 1)
    return { kind: "list", name, values: parts.values ?? [] };
  const { min, max, scale = "linear", step, factor } = parts;
  if ((type !== "double" && type !== "integer") || min === undefined || max === undefined || min === max)
    return undefined;
  const steps = factor === undefined ? (step === undefined ? {} : { step }) : { factor };
  return { kind: "number", name, min, max, scale, isWhole: type === "integer", ...steps };
}

/** Options of an axis of a parameter. */
export interface ParameterAxisParts {
  readonly reader: Reader;
  /** Distance of ticks to aim at, in pixels. */
  readonly spacing?: number;
  /** Upper limit of the width of a word's label in pixels. */
  readonly labelWidthMax?: number;
}

/** Returns an axis of a parameter's values. Positions between two values become the nearest one. */
export function parameterAxis(parameter: StudyParameter, parts: ParameterAxisParts): AxisMaker<Value> {
  return parameter.kind === "number" ? axisOfNumbers(parameter, parts) : axisOfList(parameter, parts);
}

function axisOfNumbers(parameter: NumberParameter, { reader, spacing }: ParameterAxisParts): AxisMaker<Value> {
  const { name, min, max, scale, isWhole } = parameter;
  const common = { label: name, domain: { low: min, high: max }, scale, whole: isWhole, reader };
  const make = numberAxis(spacing === undefined ? common : { ...common, spacing });
  return (from, to): Axis<Value> => {
    const axis = make(from, to);
    return {
      ...axis,
      at: (value) => (typeof value === "number" ? axis.at(value) : Number.NaN),
      invert: (pixel) => nearestValue(parameter, axis.invert(pixel)),
      text: (value) => valueText(value, reader),
    };
  };
}

function axisOfList({ name, values }: ListParameter, { reader, labelWidthMax }: ParameterAxisParts): AxisMaker<Value> {
  const texts = values.map((value) => valueText(value, reader));
  const make = categoryAxis({ label: name, values: texts, ...(labelWidthMax === undefined ? {} : { labelWidthMax }) });
  return (from, to): Axis<Value> => {
    const axis = make(from, to);
    return {
      ...axis,
      at: (value) => axis.at(valueText(value, reader)),
      invert: (pixel) => values[texts.indexOf(axis.invert(pixel))] ?? "",
      text: (value) => valueText(value, reader),
    };
  };
}

/** Significant digits of a value that a person picks on an axis without steps. */
const PICKED_DIGITS = 4;

/** Returns the value of a parameter that is nearest to a number between its ends. */
export function nearestValue({ min, max, step, factor, isWhole }: NumberParameter, value: number): number {
  const stepped =
    factor !== undefined
      ? min * factor ** Math.round(Math.log(value / min) / Math.log(factor))
      : step !== undefined
        ? min + Math.round((value - min) / step) * step
        : value;
  const rounded = isWhole ? Math.round(stepped) : Number(stepped.toPrecision((factor ?? step) ? 12 : PICKED_DIGITS));
  return Math.min(max, Math.max(min, rounded));
}
