// Table cells that compare the oracle with samplers of other projects on the same problem.

import type { RegretResult } from "../regret.js";
import { numberText } from "../report.js";
import type { Quartiles } from "../statistics.js";

/** Results of another sampler on a problem. */
export interface PeerResult {
  readonly sampler: "random" | "tpe" | "gp";
  /** Name of the problem. */
  readonly function: string;
  readonly parallel: number;
  readonly seeds: number;
  readonly at: readonly { readonly trials: number; readonly regret: Quartiles }[];
}

const SAMPLERS = { random: "random", tpe: "TPE", gp: "GP" } as const;

/** Median regret of a sampler. */
interface PeerMedian {
  readonly name: string;
  readonly median: number;
}

/**
 * Returns the medians of other samplers for a problem, a number of parallel trials and a number of
 * trials.
 */
export function peersAt(
  peers: readonly PeerResult[],
  { function: name, parallel }: Pick<RegretResult, "function" | "parallel">,
  trials: number,
): PeerMedian[] {
  return (Object.keys(SAMPLERS) as (keyof typeof SAMPLERS)[]).flatMap((sampler) => {
    const peer = peers.find((p) => p.sampler === sampler && p.function === name && p.parallel === parallel);
    const median = peer?.at.find((at) => at.trials === trials)?.regret.median;
    return median === undefined ? [] : [{ name: SAMPLERS[sampler], median }];
  });
}

/** Formats the oracle's quartiles above the medians of others; the best median is bold. */
export function comparedCell(own: Quartiles, others: readonly PeerMedian[]): string {
  const least = Math.min(own.median, ...others.map(({ median }) => median));
  const marked = (median: number) => (median === least ? `**${numberText(median)}**` : numberText(median));
  const listed = others.map(({ name, median }) => `${name} ${marked(median)}`);
  return `${marked(own.median)} (${numberText(own.lower)} to ${numberText(own.upper)})<br>_${listed.join(", ")}_`;
}
