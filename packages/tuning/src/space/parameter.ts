// The parameters of a search space. Values are checked when a study is created, so the code below
// that check relies on them.

/**
 * Spacing of a numeric parameter. `linear`: equal steps. `log`: equal ratios, dense near `min`.
 * `reverse-log`: the mirror image of `log`, dense near `max`. The logarithmic scales need min > 0.
 */
export type Scale = "linear" | "log" | "reverse-log";

/** A value of one parameter. */
export type ParameterValue = number | string | boolean;

/** The allowed values of each parent parameter, by the parent's name. All conditions must hold. */
export type Conditions = Readonly<Record<string, readonly ParameterValue[]>>;

/** Fields of every type of parameter except `fixed`. */
interface Common<Value extends ParameterValue> {
  /** One of the parameter's values; used where no value is given. */
  readonly default?: Value;
  /** Conditions of an active parameter. An inactive one has no value. @default always active */
  readonly when?: Conditions;
}

interface Range {
  readonly min: number;
  /** Inclusive; at least `min`. */
  readonly max: number;
  /** @default "linear" */
  readonly scale: Scale;
  /** Ratio of neighbouring values, above 1; replaces `step`, on logarithmic scales only. */
  readonly factor?: number;
}

/** A parameter with real numbers from a range, with or without steps. */
export interface DoubleParameter extends Common<number>, Range {
  readonly type: "double";
  /** Distance of neighbouring values, counted from `min`; above 0. @default a continuous range */
  readonly step?: number;
}

/** A parameter with whole numbers from a range. */
export interface IntegerParameter extends Common<number>, Range {
  readonly type: "integer";
  /**
   * Distance of neighbouring values, counted from `min`; at least 1. Ignored with `factor`.
   *
   * @default 1
   */
  readonly step: number;
}

/** A parameter with a list of values. */
export interface CategoricalParameter extends Common<ParameterValue> {
  readonly type: "categorical";
  /** At least one, all different, all of one type. */
  readonly values: readonly ParameterValue[];
  /**
   * True if the list is in an order in which neighbours resemble each other.
   *
   * @default true for numbers
   */
  readonly ordered?: boolean;
}

/** A parameter with the values true and false. */
export interface BooleanParameter extends Common<boolean> {
  readonly type: "boolean";
}

/** A parameter with a single value. */
export interface FixedParameter {
  readonly type: "fixed";
  readonly value: ParameterValue;
  readonly when?: Conditions;
}

/** A parameter of a search space, discriminated by `type`. */
export type Parameter = DoubleParameter | IntegerParameter | CategoricalParameter | BooleanParameter | FixedParameter;

/**
 * Parameters by name, in the order of the spec. The order matters: sampling draws in this order.
 */
export type SearchSpace = Readonly<Record<string, Parameter>>;

/** One value for each active parameter of a space, in the space's order. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;
