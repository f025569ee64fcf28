import type { Goal } from "../../objective/goal.js";
import { lossAt, type WarpScale } from "../warping/log-warp.js";
import { type LossScale, scoreAt } from "./observed-losses.js";

/** What targets of the process are turned into objectives by. */
export interface Units {
  readonly warped: WarpScale;
  readonly scale: LossScale;
  readonly goal: Goal;
}

/** The objective that a target of the process stands for. */
export function objectiveAt({ warped, scale, goal }: Units, target: number): number {
  return objectiveOf({ scale, goal }, lossAt(warped, target));
}

/** The objective of a loss. */
export function objectiveOf({ scale, goal }: Omit<Units, "warped">, loss: number): number {
  const score = scoreAt(scale, loss);
  return goal === "maximize" ? score : -score;
}
