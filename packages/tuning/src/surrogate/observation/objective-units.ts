import { type Goal, objectiveOf } from "../../objective/goal.js";
import { lossAt, type WarpScale } from "../warping/log-warp.js";
import { type LossScale, scoreAt } from "./observed-losses.js";

/** The scales that convert the surrogate's targets back into objective values. */
export interface Units {
  readonly warped: WarpScale;
  readonly scale: LossScale;
  readonly goal: Goal;
}

/** Converts a target to an objective. */
export function objectiveAtTarget({ warped, scale, goal }: Units, target: number): number {
  return objectiveAtLoss({ scale, goal }, lossAt(warped, target));
}

/** Converts a loss to an objective. */
export function objectiveAtLoss({ scale, goal }: Omit<Units, "warped">, loss: number): number {
  return objectiveOf(scoreAt(scale, loss), goal);
}
