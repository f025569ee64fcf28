import { type Domain, domainOf } from "../../chart/axis/number-axis.js";

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

/** Returns the domain of the metric over all curves. */
export function domainOfValues(curves: readonly LearningCurve[]): Domain {
  return joinedDomain(curves.map(({ values }) => values));
}

/** Returns the domain of the learning rates above 0 over all curves. */
export function domainOfRates(curves: readonly LearningCurve[]): Domain {
  return joinedDomain(curves.filter(hasRates).map(({ learningRates }) => learningRates.filter((rate) => rate > 0)));
}

/** Joins the domains of lists, one by one: the epochs of all curves in one list would be long. */
function joinedDomain(lists: readonly (readonly number[])[]): Domain {
  const domains = lists.filter(({ length }) => length > 0).map(domainOf);
  return domainOf(domains.flatMap(({ low, high }) => [low, high]));
}
