// Learning rates as keras.optimizers.schedules 3.15 computes them: every operation rounds to
// float32.

import type { LearningRateSchedule, OptimizerPlan } from "@sintonia/tuning/plan/training-plan";

type CosineDecay = Extract<LearningRateSchedule, { readonly type: "CosineDecay" }>;
type ExponentialDecay = Extract<LearningRateSchedule, { readonly type: "ExponentialDecay" }>;
type PiecewiseConstantDecay = Extract<LearningRateSchedule, { readonly type: "PiecewiseConstantDecay" }>;

const { fround } = Math;

/**
 * Returns the learning rate of one step: the table of schedules.
 *
 * Cosines and powers are computed in float64 and then rounded. TensorFlow computes them in
 * float32, so that their last bits may differ.
 *
 * @param learningRate - learning rate of a plan, or the one that callbacks left
 * @param step - counted from 0 over the whole training
 * @returns a float32 value
 */
export function learningRateAt(learningRate: OptimizerPlan["learningRate"], step: number): number {
  if (typeof learningRate === "number") return fround(learningRate);
  switch (learningRate.type) {
    case "CosineDecay":
      return cosineDecay(learningRate, step);
    case "ExponentialDecay":
      return exponentialDecay(learningRate, step);
    case "PiecewiseConstantDecay":
      return piecewiseConstant(learningRate, step);
  }
}

/** Without `warmupTarget` there is no warm-up, even if `warmupSteps` is positive. */
function cosineDecay(schedule: CosineDecay, step: number): number {
  const { initialLearningRate, decaySteps, warmupTarget, warmupSteps } = schedule;
  if (warmupTarget === undefined) return cosine(schedule, fround(initialLearningRate), Math.min(step, decaySteps));
  if (step < warmupSteps) return warmUp(fround(initialLearningRate), fround(warmupTarget), step / warmupSteps);
  return cosine(schedule, fround(warmupTarget), Math.min(step - warmupSteps, decaySteps));
}

/**
 * Computes highest ((1 - alpha) (1 + cos(pi step / decaySteps)) / 2 + alpha).
 *
 * @see Loshchilov, Hutter 2017, eq. 5, without restarts
 */
function cosine({ decaySteps, alpha }: CosineDecay, highest: number, step: number): number {
  const angle = fround(fround(Math.PI) * fround(step / decaySteps));
  const share = fround(0.5 * fround(1 + fround(Math.cos(angle))));
  return fround(highest * fround(fround(fround(1 - alpha) * share) + fround(alpha)));
}

/** Computes from + (to - from) share. */
function warmUp(from: number, to: number, share: number): number {
  return fround(fround(fround(to - from) * fround(share)) + from);
}

/**
 * Computes initialLearningRate decayRate^p with p = step / decaySteps; a staircase rounds p down.
 */
function exponentialDecay(schedule: ExponentialDecay, step: number): number {
  const { initialLearningRate, decaySteps, decayRate, staircase } = schedule;
  const passed = fround(step / decaySteps);
  const power = fround(fround(decayRate) ** (staircase ? Math.floor(passed) : passed));
  return fround(fround(initialLearningRate) * power);
}

/**
 * Returns the value of the piece that contains the step. A boundary is the last step of its piece.
 */
function piecewiseConstant({ boundaries, values }: PiecewiseConstantDecay, step: number): number {
  const piece = boundaries.findIndex((boundary) => step <= boundary);
  return fround(values.at(piece) as number);
}
