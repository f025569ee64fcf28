import { nonDominated } from "../front/dominance.js";

/** The targets of the completed trials, by outcome; the larger target is better. */
export interface MeasuredTargets {
  readonly objectives: readonly { readonly targets: Float64Array }[];
  /** A limit holds where the target is at least `bound`. */
  readonly limits: readonly { readonly targets: Float64Array; readonly bound: number }[];
}

/** The completed trials of a study by the targets of their outcomes. */
export interface MeasuredFront {
  /**
   * Indices of trials that keep all limits and that no other such trial dominates, the worst in
   * the first objective first.
   */
  readonly front: readonly number[];
  /** Indices of trials that keep all limits. */
  readonly kept: readonly number[];
  /** Indices of all trials, those that violate the limits least first. */
  readonly byViolation: readonly number[];
}

/**
 * Returns the front of the completed trials. Under noise the targets are posterior means, because
 * a front of noisy measurements is partly luck.
 *
 * @param count - number of completed trials
 */
export function measuredFront({ objectives, limits }: MeasuredTargets, count: number): MeasuredFront {
  const violation = (i: number) =>
    limits.reduce((sum, { targets, bound }) => sum + Math.max(0, bound - (targets[i] as number)), 0);
  const all = Array.from({ length: count }, (_, i) => i);
  const kept = all.filter((i) => violation(i) === 0);
  const losses = kept.map((i) => objectives.map(({ targets }) => -(targets[i] as number)));
  const front = nonDominated(losses).map((k) => kept[k] as number);
  front.sort((a, b) => (objectives[0]?.targets[a] as number) - (objectives[0]?.targets[b] as number));
  return { front, kept, byViolation: all.toSorted((a, b) => violation(a) - violation(b)) };
}
