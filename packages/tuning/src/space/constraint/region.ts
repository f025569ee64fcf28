import type { ParameterValues, SearchSpace } from "../parameter.js";
import type { LinearConstraint } from "./linear-constraint.js";
import { isAllowed } from "./linear-constraint.js";

/** The part of a space that suggestions may come from. */
export interface Region {
  readonly space: SearchSpace;
  /** @default none */
  readonly constraints?: readonly LinearConstraint[];
}

/** Whether values of the space lie in the region. */
export function isInRegion({ constraints = [] }: Region, values: ParameterValues): boolean {
  return isAllowed(constraints, values);
}
