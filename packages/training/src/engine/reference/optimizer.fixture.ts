import type { AdamPlan, AdamWPlan, OptimizerPlan, RmspropPlan, SgdPlan } from "@sintonia/tuning/plan/training-plan";
import { type Cell, type Parameter, sum } from "./layer.fixture.js";

interface Step {
  readonly learningRate: number;
  /** Number of this step, counted from 1. */
  readonly number: number;
}

/** Takes one step with the present gradients: clips, decays, then applies the optimizer's rule. */
export function optimizerStep(plan: OptimizerPlan, parameters: readonly Parameter[], step: Step): void {
  const trained = parameters.filter(({ isTrained }) => isTrained).map(({ cells }) => cells);
  if (plan.clipNorm !== undefined) for (const cells of trained) clip(cells, plan.clipNorm);
  if (plan.globalClipNorm !== undefined) clip(trained.flat(), plan.globalClipNorm);
  for (const cell of trained.flat()) {
    if (plan.type === "adamw") cell.w -= cell.w * plan.weightDecay * step.learningRate;
    moveCell(plan, cell, step);
  }
}

function clip(cells: readonly Cell[], largest: number): void {
  const norm = Math.sqrt(sum(cells.map(({ g }) => g ** 2)));
  for (const cell of cells) cell.g *= norm > largest ? largest / norm : 1;
}

function moveCell(plan: OptimizerPlan, cell: Cell, step: Step): void {
  if (plan.type === "sgd") sgd(plan, cell, step);
  else if (plan.type === "rmsprop") rmsprop(plan, cell, step);
  else adam(plan, cell, step);
}

/** Adam with both bias corrections in the step size: Kingma, Ba 2015, end of section 2. */
function adam({ beta1, beta2, epsilon }: AdamPlan | AdamWPlan, cell: Cell, { learningRate, number }: Step): void {
  const alpha = (learningRate * Math.sqrt(1 - beta2 ** number)) / (1 - beta1 ** number);
  cell.m += (cell.g - cell.m) * (1 - beta1);
  cell.v += (cell.g ** 2 - cell.v) * (1 - beta2);
  cell.w -= (alpha * cell.m) / (Math.sqrt(cell.v) + epsilon);
}

function sgd({ momentum, nesterov }: SgdPlan, cell: Cell, { learningRate }: Step): void {
  cell.m = momentum * cell.m - learningRate * cell.g;
  cell.w += nesterov ? momentum * cell.m - learningRate * cell.g : cell.m;
}

/**
 * RMSprop as in Keras: epsilon is under the root, and the momentum accumulates changes, not
 * gradients.
 */
function rmsprop({ rho, momentum, epsilon, centered }: RmspropPlan, cell: Cell, { learningRate }: Step): void {
  cell.v = rho * cell.v + (1 - rho) * cell.g ** 2;
  cell.a = rho * cell.a + (1 - rho) * cell.g;
  const square = centered ? cell.v - cell.a ** 2 : cell.v;
  cell.m = momentum * cell.m + (learningRate * cell.g) / Math.sqrt(square + epsilon);
  cell.w -= cell.m;
}
