import type { Evaluation } from "../../../numeric/bounded-minimum.js";

/**
 * A function of points of the unit cube, shape (d,). Its maximum is the next trial. Points need not
 * be values of the parameters.
 */
export interface Acquisition {
  value(point: Float64Array): number;
  /** Returns the value at each of many points; faster than `value` for each, with the same bits. */
  values(points: readonly Float64Array[]): Float64Array;
  /** Returns the value and the gradient at a point. The gradient is 0 in nominal dimensions. */
  evaluate(point: Float64Array): Evaluation;
}
