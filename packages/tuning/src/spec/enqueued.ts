import { checkValues } from "../space/domain.js";
import type { ParameterValues } from "../space/parameter.js";
import type { StudySpec } from "./study-spec.js";

/** The values that a spec asks a trial to run with, whatever its oracle would suggest; undefined for later trials. */
export function enqueuedValues(
  { enqueue = [], parameters }: Pick<StudySpec, "enqueue" | "parameters">,
  trialNumber: number,
): ParameterValues | undefined {
  const given = enqueue[trialNumber];
  const checked = given === undefined ? undefined : checkValues(parameters, given);
  return checked?.ok === true ? checked.values : undefined;
}
