/** The learning curve of one execution of a trial, as ListCurves sends it. */
export interface LearningCurve {
  readonly trialId: string;
  /** From 0. */
  readonly execution: number;
  /** From 0, increasing. */
  readonly epochs: readonly number[];
  /** The metric at each of these epochs; finite. */
  readonly values: readonly number[];
  /** The learning rate at each of these epochs; 0 or missing for a program. */
  readonly learningRates: readonly number[];
}

/** Returns true if a curve has learning rates, which curves of programs lack. */
export function hasRates({ learningRates, epochs }: LearningCurve): boolean {
  return learningRates.length === epochs.length && learningRates.some((rate) => rate > 0);
}
