import { designSpace } from "@sintonia/tuning/space/design-space";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { type RecordedSet, type ReplayTrial, readSets } from "../../pruners/replay/recorded-set.js";

/** The recorded trials of the digits. Any values have the results of the nearest trial. */
export interface RecordedDigits {
  readonly set: RecordedSet;
  /** Returns the trial that is nearest in the unit cube. */
  nearest(values: ParameterValues): ReplayTrial;
}

/** Reads the recorded trials of `digits-program`. */
export function recordedDigits(): RecordedDigits {
  const set = readSets().find(({ name }) => name === "digits-program");
  if (set === undefined) throw new Error("no recorded set digits-program");
  const { encode } = designSpace(set.space);
  const trials = set.trials.map((trial) => ({ trial, point: encode(trial.recorded.values) }));
  const nearest = (values: ParameterValues) => {
    const at = encode(values);
    const distance = (point: Float64Array) => point.reduce((sum, x, k) => sum + (x - (at[k] as number)) ** 2, 0);
    return trials.reduce((best, other) => (distance(other.point) < distance(best.point) ? other : best)).trial;
  };
  return { set, nearest };
}
