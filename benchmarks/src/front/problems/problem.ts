// What a problem with several objectives is. All objectives are to be minimised.

import type { ParameterValues } from "@sintonia/tuning/space/parameter";

/** The outcomes of a trial. */
export interface FrontOutcome {
  readonly objectives: readonly number[];
  readonly constraints: readonly number[];
}

/** A problem with several objectives. */
export interface FrontProblem {
  /** Range of each parameter. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
  /** True if all parameters are whole numbers. @default false */
  readonly areWhole?: boolean;
  readonly objectives: number;
  readonly constraints: number;
  /** Reference point of the measured hypervolume, shape (m,). */
  readonly reference: readonly number[];
  readonly description: string;
  evaluate(values: ParameterValues): FrontOutcome;
}
