// Several named outcomes of a trial: objectives, and outcomes with limits.

import type { Goal } from "./goal.js";

/** A named objective. */
export interface NamedObjective {
  readonly name: string;
  readonly goal: Goal;
}

/** A limit on an outcome of a trial, which is known once the trial has ended. */
export interface OutcomeLimit {
  /** The limit as the spec states it. */
  readonly text: string;
  readonly name: string;
  readonly comparison: "<=" | ">=";
  readonly bound: number;
}

/** The objectives of a study, one to four, and its limits on outcomes. */
export interface Aims {
  readonly objectives: readonly NamedObjective[];
  readonly limits: readonly OutcomeLimit[];
}

/** A told outcome. */
export interface OutcomeValue {
  /** Finite, in the outcome's own unit. */
  readonly value: number;
  /** Variance of the error of `value`, in its unit squared. @default unknown */
  readonly noiseVariance?: number;
}

/** The outcomes of a completed trial by name. */
export type Outcomes = Readonly<Record<string, OutcomeValue>>;

/** Returns the names of all outcomes, each once: the objectives first, in the spec's order. */
export function outcomeNames({ objectives, limits }: Aims): string[] {
  return [...new Set([...objectives, ...limits].map(({ name }) => name))];
}

/** Returns true if a value of the limit's outcome keeps the limit. */
export function isWithin({ comparison, bound }: OutcomeLimit, value: number): boolean {
  return comparison === "<=" ? value <= bound : value >= bound;
}

/** Returns the value of an outcome; NaN if the trial has none of that name. */
export function outcomeOf({ outcomes }: { readonly outcomes?: Outcomes }, name: string): number {
  return outcomes?.[name]?.value ?? Number.NaN;
}
