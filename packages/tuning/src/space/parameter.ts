// The vocabulary of a search space. Values are checked when a study is created, so code behind that edge may trust them.

/** Spacing of a numeric parameter. `log` needs `min` > 0. */
export type Scale = "linear" | "log";

export interface DoubleParameter {
  readonly type: "double";
  readonly min: number;
  /** Reachable; at least `min`. */
  readonly max: number;
  /** @default "linear" */
  readonly scale: Scale;
}

export interface IntegerParameter {
  readonly type: "integer";
  readonly min: number;
  /** Reachable; at least `min`. */
  readonly max: number;
  /** @default "linear" */
  readonly scale: Scale;
  /** Distance between neighbouring values, counted from `min`; at least 1. @default 1 */
  readonly step: number;
}

export interface CategoricalParameter {
  readonly type: "categorical";
  /** At least one, all different. */
  readonly values: readonly string[];
}

export interface BooleanParameter {
  readonly type: "boolean";
}

export type Parameter = DoubleParameter | IntegerParameter | CategoricalParameter | BooleanParameter;

/** Parameters by name, in the order of the spec: the order is part of the space's meaning (sampling draws in it). */
export type SearchSpace = Readonly<Record<string, Parameter>>;

export type ParameterValue = number | string | boolean;

/** One value for every parameter of a space. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;
