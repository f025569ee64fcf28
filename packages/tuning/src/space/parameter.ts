// The vocabulary of a search space. Values are checked when a study is created, so code behind that edge may trust them.

/**
 * Spacing of a numeric parameter: equal steps everywhere, equal ratios (dense near `min`), or equal ratios of the
 * distance beyond `max` (dense near `max`). The last two need `min` > 0.
 */
export type Scale = "linear" | "log" | "reverse-log";

export type ParameterValue = number | string | boolean;

/** Values that other parameters must have, by name: each one of a few. All of them hold at once. */
export type Conditions = Readonly<Record<string, readonly ParameterValue[]>>;

/** What every kind of parameter may have. */
interface Common<Value extends ParameterValue> {
  /** Stands in where the parameter has no value of its own. A value of the parameter. */
  readonly default?: Value;
  /** Where the parameter is active; elsewhere it has no value. @default everywhere */
  readonly when?: Conditions;
}

interface Range {
  readonly min: number;
  /** Reachable; at least `min`. */
  readonly max: number;
  /** @default "linear" */
  readonly scale: Scale;
  /** Ratio of neighbouring values, above 1, in place of `step`; on logarithmic scales only. */
  readonly factor?: number;
}

export interface DoubleParameter extends Common<number>, Range {
  readonly type: "double";
  /** Distance between neighbouring values, counted from `min`; above 0. @default any value of the range */
  readonly step?: number;
}

export interface IntegerParameter extends Common<number>, Range {
  readonly type: "integer";
  /** Distance between neighbouring values, counted from `min`; at least 1. Means nothing with `factor`. @default 1 */
  readonly step: number;
}

export interface CategoricalParameter extends Common<ParameterValue> {
  readonly type: "categorical";
  /** At least one, all different, all of one type. */
  readonly values: readonly ParameterValue[];
  /** Whether neighbours are alike. @default true for numbers, false for others */
  readonly ordered?: boolean;
}

export interface BooleanParameter extends Common<boolean> {
  readonly type: "boolean";
}

export interface FixedParameter {
  readonly type: "fixed";
  readonly value: ParameterValue;
  readonly when?: Conditions;
}

export type Parameter = DoubleParameter | IntegerParameter | CategoricalParameter | BooleanParameter | FixedParameter;

/** Parameters by name, in the order of the spec: the order is part of the space's meaning (sampling draws in it). */
export type SearchSpace = Readonly<Record<string, Parameter>>;

/** One value for every active parameter of a space, in the space's order. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;
