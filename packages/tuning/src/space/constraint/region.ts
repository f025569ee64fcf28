import type { ParameterValues, SearchSpace } from "../parameter.js";
import type { LinearConstraint } from "./linear-constraint.js";
import { isAllowed } from "./linear-constraint.js";

/** The points of a space that fulfil its constraints. Suggestions come from this region. */
export interface Region {
  readonly space: SearchSpace;
  /** @default none */
  readonly constraints?: readonly LinearConstraint[];
}

/** Returns whether values of the space lie in the region. */
export function isInRegion({ constraints = [] }: Region, values: ParameterValues): boolean {
  return isAllowed(constraints, values);
}
