// Learning rates as Keras computes them (keras.optimizers.schedules 3.15): every operation rounds to float32.

import type { LearningRateSchedule, OptimizerPlan } from "@sintonia/tuning/plan/training-plan";

type CosineDecay = Extract<LearningRateSchedule, { readonly type: "CosineDecay" }>;
type ExponentialDecay = Extract<LearningRateSchedule, { readonly type: "ExponentialDecay" }>;
type PiecewiseConstantDecay = Extract<LearningRateSchedule, { readonly type: "PiecewiseConstantDecay" }>;

const { fround } = Math;

/**
 * The learning rate of one step.
 *
 * Cosines and powers are computed in float64 and rounded; TensorFlow's own float32 ones may differ in their last bit.
 *
 * @param learningRate - a plan's or that of callbacks
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

/** Without a target there is no warm-up, whatever its steps. */
function cosineDecay(schedule: CosineDecay, step: number): number {
  const { initialLearningRate, decaySteps, warmupTarget, warmupSteps } = schedule;
  if (warmupTarget === undefined) return cosine(schedule, fround(initialLearningRate), Math.min(step, decaySteps));
  if (step < warmupSteps) return warmUp(fround(initialLearningRate), fround(warmupTarget), step / warmupSteps);
  return cosine(schedule, fround(warmupTarget), Math.min(step - warmupSteps, decaySteps));
}

/** Loshchilov, Hutter 2017, eq. 5, without restarts: from `highest` to `alpha` times that in half a cosine's period. */
function cosine({ decaySteps, alpha }: CosineDecay, highest: number, step: number): number {
  const angle = fround(fround(Math.PI) * fround(step / decaySteps));
  const share = fround(0.5 * fround(1 + fround(Math.cos(angle))));
  return fround(highest * fround(fround(fround(1 - alpha) * share) + fround(alpha)));
}

function warmUp(from: number, to: number, share: number): number {
  return fround(fround(fround(to - from) * fround(share)) + from);
}

function exponentialDecay(schedule: ExponentialDecay, step: number): number {
  const { initialLearningRate, decaySteps, decayRate, staircase } = schedule;
  const passed = fround(step / decaySteps);
  const power = fround(fround(decayRate) ** (staircase ? Math.floor(passed) : passed));
  return fround(fround(initialLearningRate) * power);
}

/** A boundary is the last step of its piece. */
function piecewiseConstant({ boundaries, values }: PiecewiseConstantDecay, step: number): number {
  const piece = boundaries.findIndex((boundary) => step <= boundary);
  return fround(values.at(piece) as number);
}
