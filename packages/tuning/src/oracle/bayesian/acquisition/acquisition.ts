/** A value and its gradient by the point, shape (d,): 0 in nominal dimensions. */
export interface Slope {
  readonly value: number;
  /** Read once, before the next point is asked for, if at all. */
  readonly gradient: Float64Array;
}

/** A function of points of the unit cube whose maximum is the next trial. It may be asked between a parameter's values. */
export interface Acquisition {
  value(point: Float64Array): number;
  /** The value at each of many points. */
  values(points: readonly Float64Array[]): Float64Array;
  valueAndGradient(point: Float64Array): Slope;
}
