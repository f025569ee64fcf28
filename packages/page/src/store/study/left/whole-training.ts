// How many epochs a training has that goes on to its end.

import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";

/**
 * Returns the epochs of a whole training with all its executions: the mean of the completed trials.
 * While there is none: the mean of the expected epochs of the others, or else of their largest
 * numbers of epochs. Undefined if no trial states any, as programs may.
 */
export function wholeLength(trials: readonly Trial[]): number | undefined {
  const completed = trials.filter(({ state }) => state === TrialState.COMPLETED).map(({ epochs }) => epochs);
  const expected = trials.flatMap(({ expectedEpochs = [] }) => expectedEpochs);
  const most = trials.flatMap(({ maxEpochs, executions }) => (maxEpochs > 0 ? [maxEpochs * executions] : []));
  const known = [completed, expected, most].find((lengths) => lengths.length > 0);
  return known && known.reduce((sum, epochs) => sum + epochs, 0) / known.length;
}
