// The lost attempts of a trial.

import type { EventOf } from "./event.js";
import type { Losses, Trial } from "./study.js";

/** The losses of a trial in its first attempt. */
export const NO_LOSSES: Losses = { counted: 0, furthest: 0, stalled: 0, suspects: [] };

/**
 * Tells whether the present attempt has trained: it has an epoch that no checkpoint covered at its
 * start.
 */
export function hasAdvanced({ measurements, resumedEpochs = 0 }: Trial): boolean {
  return measurements.length > resumedEpochs;
}

/**
 * Returns the losses of a trial after its present attempt was lost.
 *
 * @param event - the loss; absent `counted` means true
 */
export function lossesAfter(trial: Trial, event: EventOf<"trial-requeued">): Losses {
  const { losses, measurements } = trial;
  const isFurther = measurements.length > losses.furthest;
  return {
    ...losses,
    counted: losses.counted + (event.counted === false ? 0 : 1),
    furthest: Math.max(losses.furthest, measurements.length),
    stalled: isFurther ? 0 : losses.stalled + 1,
  };
}
