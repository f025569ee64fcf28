// What is believed of a loss: several equally credible normal distributions, each of a target that comes of the loss by a
// warp of its own.

import { normalCdf } from "../../numeric/normal-distribution.js";
import type { Prediction } from "../gaussian-process/posterior.js";
import { lossAt, meanLoss, targetAt, type WarpScale } from "./log-warp.js";

/** A normally distributed target; its variance is above 0. */
export interface LossComponent {
  readonly warp: WarpScale;
  readonly target: Prediction;
}

/** Standard deviations beyond which no component has a share worth a search. */
const Z_MAX = 9;
/** Halvings of a bracket: to a double's last digits. */
const HALVINGS = 60;

/** The loss that is not exceeded with a probability, which is between 1e-9 and 1 - 1e-9. */
export function lossQuantile(components: readonly LossComponent[], probability: number): number {
  let low = Math.min(...components.map((component) => lossBelow(component, Z_MAX)));
  let high = Math.min(Number.MAX_VALUE, Math.max(...components.map((component) => lossBelow(component, -Z_MAX))));
  for (let halving = 0; halving < HALVINGS && low < high; halving++) {
    const middle = low / 2 + high / 2;
    if (probabilityBelow(components, middle) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** The mean loss. It may exceed every loss that is likely, and be Infinity, where a belief is wide. */
export function expectedLoss(components: readonly LossComponent[]): number {
  return components.reduce(
    (sum, { warp, target }) => sum + meanLoss(warp, target.mean, target.variance) / components.length,
    0,
  );
}

function probabilityBelow(components: readonly LossComponent[], loss: number): number {
  const shares = components.map(({ warp, target: { mean, variance } }) =>
    normalCdf((mean - targetAt(warp, loss)) / Math.sqrt(variance)),
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** The loss of a target that lies `z` standard deviations above its mean. */
function lossBelow({ warp, target }: LossComponent, z: number): number {
  return lossAt(warp, target.mean + z * Math.sqrt(target.variance));
}
