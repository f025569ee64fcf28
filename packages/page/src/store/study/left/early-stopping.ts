// The expected end of a training with early stopping: it ends `patience` epochs after its best one,
// or with its largest number of epochs.
//
// Epoch t, from 1, is a new best one with probability min(1, 2 / t). Of independent values it would
// be 1 / t; learning makes new best epochs about twice as likely. Reductions of the learning rate
// make later ones, which this does not know: it expects 49 epochs of a new training of mnist-init,
// whose mean is 52, and 25 of fashion-init, whose mean is 62. docs/pruning/time-left.md has the
// errors.

/** Early stopping of a training plan, in epochs. */
export interface Stopping {
  readonly patience: number;
  readonly maxEpochs: number;
}

const NEW_BEST_NUMERATOR = 2;

/** Expected ends after a best epoch at each place, by `patience,maxEpochs`. */
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
  const key = `${stopping.patience},${stopping.maxEpochs}`;
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
  { patience, maxEpochs }: Stopping,
  ends: Float64Array,
  { best, epochs }: { readonly best: number; readonly epochs: number },
): number {
  const end = Math.max(epochs, Math.min(maxEpochs, best + patience));
  let [expected, none] = [0, 1];
  for (let epoch = epochs + 1; epoch <= end; epoch++) {
    const isBest = Math.min(1, NEW_BEST_NUMERATOR / epoch);
    expected += none * isBest * (ends[epoch] as number);
    none *= 1 - isBest;
  }
  return expected + none * end;
}
