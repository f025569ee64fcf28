// The posterior of the objective along one parameter, or over two, through a point of the space.

import type { StudyHistory } from "../../objective/observation.js";
import { type DesignSpace, designSpace } from "../../space/design-space.js";
import { cardinality, discreteValue } from "../../space/discrete.js";
import type { Parameter, ParameterValue, ParameterValues } from "../../space/parameter.js";
import { coordinateOf, valueAt } from "../../space/unit-cube.js";
import { type Belief, beliefsAt } from "./belief.js";

/** The line or the plane of a slice. */
export interface SlicePlan {
  /** Values of all parameters that do not vary. */
  readonly through: ParameterValues;
  /** Names of the one or two parameters that vary. Each has more than one value. */
  readonly parameters: readonly string[];
  /** Largest number of values of each, at least 2. */
  readonly steps: number;
}

/** The posterior over a line or a plane. */
export interface Slice {
  /** The values of each parameter, in the order of the plan. */
  readonly axes: readonly (readonly ParameterValue[])[];
  /** The posterior at each point; that of the last parameter's values comes first. */
  readonly beliefs: readonly Belief[];
  /** Number of completed trials in the history. */
  readonly observations: number;
}

/**
 * Returns the posterior of the objective over a line or a plane, also where the constraints of the
 * study exclude points. A parameter that becomes active on the way has its default there, or its
 * middle value.
 *
 * @returns undefined if there are fewer than three completed trials, or if rounding errors leave no
 * positive definite covariance
 */
export function sliceOf(history: StudyHistory, { through, parameters, steps }: SlicePlan): Slice | undefined {
  const design = designSpace(history.space);
  const axes = parameters.map((name) => axisValues(history.space[name] as Parameter, steps));
  const points = parameters.reduce<Float64Array[]>(
    (line, name, i) =>
      line.flatMap((point) =>
        moved(design, point, { name, parameter: history.space[name] as Parameter, values: axes[i] ?? [] }),
      ),
    [design.encode(through)],
  );
  const beliefs = beliefsAt(history, points.map(design.decode));
  return beliefs && { axes, beliefs, observations: history.completed.length };
}

/**
 * Returns values of a parameter from the first to the last one: all of them if they are no more
 * than `steps`, else values that are evenly spaced on the parameter's scale. The values of a
 * parameter without order beyond the first `steps` are left out.
 */
export function axisValues(parameter: Parameter, steps: number): ParameterValue[] {
  const count = cardinality(parameter);
  if (count <= steps) return Array.from({ length: count }, (_, index) => discreteValue(parameter, index));
  if (parameter.type === "categorical") return parameter.values.slice(0, steps);
  const spaced = Array.from({ length: steps }, (_, step) => valueAt(parameter, step / (steps - 1)));
  return [...new Set(spaced)];
}

/** Returns the points that one coordinate of a point leads to. */
function moved({ names }: DesignSpace, point: Float64Array, { name, parameter, values }: Axis): Float64Array[] {
  const dimension = names.indexOf(name);
  return values.map((value) => point.with(dimension, coordinateOf(parameter, value)));
}

interface Axis {
  readonly name: string;
  readonly parameter: Parameter;
  readonly values: readonly ParameterValue[];
}
