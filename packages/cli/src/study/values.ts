import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";

/** The values of a trial, or of another point, without their protobuf wrapping, by name, in the order of `names` and then as they came. */
export function trialValues(
  trial: Pick<Trial, "values">,
  names: readonly string[] = [],
): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {};
  for (const name of new Set([...names, ...Object.keys(trial.values)])) {
    const kind = trial.values[name]?.kind;
    if (kind !== undefined) values[name] = kind.value;
  }
  return values;
}
