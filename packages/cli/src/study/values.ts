import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";

/**
 * Returns parameter values without their protobuf wrapping.
 *
 * @param names - parameters that come first, in this order; the others follow in the order of the
 * message
 */
export function trialValues(
  trial: Pick<Trial, "values">,
  names: readonly string[] = [],
): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {};
  for (const name of new Set([...names, ...Object.keys(trial.values)])) {
    const kind = Object.hasOwn(trial.values, name) ? trial.values[name]?.kind : undefined;
    if (kind !== undefined) values[name] = kind.value;
  }
  return values;
}
