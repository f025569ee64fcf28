// The expected end of a training with early stopping: it ends `patience` epochs after its best one,
// or with its largest number of epochs.
//
// Epoch t, from 1, is a new best one with probability min(1, c / t). Of independent values c would
// be 1; learning makes new best epochs likelier, and reductions of the learning rate make later
// ones rare. The values of c fit the recorded trials of mnist-learning-rate and mnist-init. Low
// learning rates improve for longer: of fashion-init, whose mean is 63 epochs, this expects 25.
// docs/pruning/time-left.md has the errors.

/** Early stopping of a training plan, in epochs. */
export interface Stopping {
  readonly patience: number;
  readonly maxEpochs: number;
  /** True if a plateau reduces the learning rate. */
  readonly reducesRate: boolean;
}

/** The values of c. */
const NEW_BEST = { constantRate: 4, reducedRate: 2 } as const;

/** Expected ends after a best epoch at each place, by the settings of the stopping. */
const known = new Map<string, Float64Array>();

/**
 * Returns the expected number of epochs of a training.
 *
 * @param best - its best epoch so far, from 1
 * @param epochs - its epochs so far, at least `best`
 */
export function expectedEpochs(stopping: Stopping, best: number, epochs: number): number {
  return endAfter(stopping, endsOf(stopping), { best, epochs });
}

function endsOf(stopping: Stopping): Float64Array {
  const key = JSON.stringify([stopping.patience, stopping.maxEpochs, stopping.reducesRate]);
  const old = known.get(key);
  if (old !== undefined) return old;
  const ends = new Float64Array(stopping.maxEpochs + 1);
  for (let best = stopping.maxEpochs; best >= 1; best--) {
    ends[best] = endAfter(stopping, ends, { best, epochs: best });
  }
  known.set(key, ends);
  return ends;
}

/** @param ends - expected ends after later best epochs */
function endAfter(
  { patience, maxEpochs, reducesRate }: Stopping,
  ends: Float64Array,
  { best, epochs }: { readonly best: number; readonly epochs: number },
): number {
  const end = Math.max(epochs, Math.min(maxEpochs, best + patience));
  const numerator = reducesRate ? NEW_BEST.reducedRate : NEW_BEST.constantRate;
  let [expected, none] = [0, 1];
  for (let epoch = epochs + 1; epoch <= end; epoch++) {
    const isBest = Math.min(1, numerator / epoch);
    expected += none * isBest * (ends[epoch] as number);
    none *= 1 - isBest;
  }
  return expected + none * end;
}
