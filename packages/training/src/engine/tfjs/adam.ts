import type { AdamPlan } from "@sintonia/tuning/plan/training-plan";
import { adamConstants } from "../adam-step.js";
import type { Scalar, Tensor, TensorFlow } from "./tensorflow.js";

/** A parameter and its optimizer state. A type and not an interface, as tf.tidy's containers must be. */
export type AdamState = {
  readonly weight: Tensor;
  readonly moment: Tensor;
  readonly square: Tensor;
};

/**
 * The step of `adam-step.ts`. tf.train.adam is another definition: it adds epsilon to the root of the bias-corrected
 * second moment.
 */
export class Adam {
  readonly #beta1: Scalar;
  readonly #beta2: Scalar;
  readonly #epsilon: Scalar;

  /** Holds three tensors until `dispose`. */
  constructor(tf: TensorFlow, plan: AdamPlan) {
    const { beta1, beta2, epsilon } = adamConstants(plan);
    this.#beta1 = tf.scalar(beta1);
    this.#beta2 = tf.scalar(beta2);
    this.#epsilon = tf.scalar(epsilon);
  }

  /** @param gradient - scaled by 1 - beta1 */
  next(state: AdamState, gradient: Tensor, stepSize: Scalar): AdamState {
    const moment = state.moment.mul(this.#beta1).add(gradient);
    const square = state.square.mul(this.#beta2).add(gradient.square());
    const change = moment.mul(stepSize).div(square.sqrt().add(this.#epsilon));
    return { weight: state.weight.sub(change), moment, square };
  }

  dispose(): void {
    for (const constant of [this.#beta1, this.#beta2, this.#epsilon]) constant.dispose();
  }
}
