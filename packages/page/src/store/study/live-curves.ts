// Learning curves that grow with the updates of a study.

import type { Curve } from "@sintonia/proto/sintonia/v1/admin";
import type { Measurement, Trial } from "@sintonia/proto/sintonia/v1/study";
import { isUnderWay } from "./state/states.js";

/**
 * Adds the latest measurement of each trial to its curve. An attempt that begins again, or resumes
 * from an earlier epoch, cuts the curve there.
 *
 * @returns the same list if no trial has a new measurement
 */
export function withLatest(curves: readonly Curve[], trials: Iterable<Trial>, metric: string): readonly Curve[] {
  const places = new Map(curves.map(({ trialId, execution }, i) => [keyOf(trialId, execution), i]));
  let next: Curve[] | undefined;
  for (const trial of trials) {
    const { latest } = trial;
    const value = latest?.metrics[metric];
    if (latest === undefined || value === undefined || !Number.isFinite(value)) continue;
    const place = places.get(keyOf(trial.id, latest.execution));
    const curve = place === undefined ? emptyCurve(trial.id, latest.execution) : (next ?? curves)[place];
    if (curve === undefined || isUpToDate(curve, latest, value, trial)) continue;
    next ??= [...curves];
    next[place ?? next.length] = extended(curve, latest, value);
  }
  return next ?? curves;
}

function keyOf(trialId: string, execution: number): string {
  return `${trialId} ${execution}`;
}

function emptyCurve(trialId: string, execution: number): Curve {
  return { trialId, execution, epochs: [], values: [], learningRates: [] };
}

function isUpToDate({ epochs, values }: Curve, { epoch }: Measurement, value: number, trial: Trial): boolean {
  const last = epochs.at(-1) ?? -1;
  if (last === epoch) return values.at(-1) === value;
  return last > epoch && !isUnderWay(trial);
}

function extended(curve: Curve, { epoch, learningRate }: Measurement, value: number): Curve {
  const kept = curve.epochs.findIndex((known) => known >= epoch);
  const end = kept < 0 ? curve.epochs.length : kept;
  return {
    ...curve,
    epochs: [...curve.epochs.slice(0, end), epoch],
    values: [...curve.values.slice(0, end), value],
    learningRates: [...curve.learningRates.slice(0, end), learningRate],
  };
}
