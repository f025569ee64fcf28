import { pointSet } from "../../../surrogate/gaussian-process/model.js";
import type { LabelledPoints } from "./latent-fit.js";

/** Returns points of numeric dimensions with their labels. */
export function labelled(good: readonly Float64Array[], bad: readonly Float64Array[]): LabelledPoints {
  const all = [...good, ...bad];
  const kinds = Array.from(all[0] as Float64Array, () => ({ isNominal: false }));
  return { points: pointSet(kinds, all), labels: [...good.map(() => 1 as const), ...bad.map(() => -1 as const)] };
}
